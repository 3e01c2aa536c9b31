"""What an agent may do: LangChain tools, all of them read-only."""
