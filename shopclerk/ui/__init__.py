"""The web app: shop, sell, batch, catalogue. The only part that imports gradio."""
