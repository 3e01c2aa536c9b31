"""Hold a conversation with the assistant of the sample shop.

Run it:

    python examples/02_ask.py

It prints each answer with the tools that were called, who planned the turn (the chat model or the rules)
and how long it took. The conversation is remembered by the name of its thread.
"""

from shopclerk import Shop

MESSAGES = (
    "I need waterproof hiking boots under $120",
    "which of these is the cheapest?",
    "what sizes does that one come in?",
    "do you sell helicopters?",
)


def main() -> None:
    """Ask, and print the answers."""
    with Shop.open("sample") as shop:
        for message in MESSAGES:
            turn = shop.ask(message, thread="example")
            tools = ", ".join(call.name for call in turn.tool_calls) or "no tool"
            print(f"You: {message}\n{turn.answer}")
            print(f"  [{tools}; planned by {turn.planned_by}; {turn.timings_ms.total:.0f} ms]\n")


if __name__ == "__main__":
    main()
