"""The web server: the app with signing in, limits, health and metrics."""

import os
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from shopclerk.settings import Settings
from shopclerk.ui.access import Access
from shopclerk.ui.limits import Limits
from shopclerk.ui.own_files import OwnFilesOnly
from shopclerk.ui.shopfront import Shopfront

if TYPE_CHECKING:
    from fastapi import FastAPI


def build_server(front: Shopfront, access: Access) -> "FastAPI":
    """Return the server over an open shop.

    `/health` says whether it serves, `/metrics` counts for Prometheus (for those who may sign in), all else is the app.
    """
    # Gradio puts what comes in, and its own copies of what goes out, where this says.
    os.environ["GRADIO_TEMP_DIR"] = str(front.uploads.folder)
    import gradio as gr
    from fastapi import FastAPI

    from shopclerk.ui.app import build_app
    from shopclerk.ui.probes import add_probes
    from shopclerk.ui.theme import css, theme

    settings = front.settings
    app = FastAPI(title="shopclerk", docs_url=None, redoc_url=None, openapi_url=None)
    add_probes(app, front, access)
    blocks = build_app(front)
    blocks.queue(max_size=settings.ui_queue_size, default_concurrency_limit=settings.ui_workers)
    served: FastAPI = gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        auth=access.allows if access.wanted else None,
        auth_message="Sign in to the shop.",
        root_path=settings.ui_root_path or None,
        max_file_size=f"{int(settings.ui_max_upload_mb * 2**20)}b",
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        footer_links=["api"],
        theme=theme(),
        css=css(),
    )
    blocks.has_launched = True  # else gradio does not check the paths of uploads
    served.add_middleware(OwnFilesOnly, uploads=front.uploads)
    served.add_middleware(Limits, settings=settings, metrics=front.metrics)
    return served


def serve(settings: Settings, *, ready: Callable[[str], None]) -> None:
    """Serve the web app until it is stopped.

    Args:
        settings: All settings.
        ready: Told the address once the app answers.

    Raises:
        SettingError: It would listen beyond this machine with nobody to sign in.
        StorageError: The port is taken.
    """
    access = Access.of(settings)
    front = Shopfront(settings)
    try:
        opened = front.open()
        threading.Thread(target=opened.warm, daemon=True).start()
        _run(build_server(front, access), settings, ready)
    finally:
        front.close()


def _run(app: "FastAPI", settings: Settings, ready: Callable[[str], None]) -> None:
    import uvicorn

    from shopclerk.errors import SettingError

    class Server(uvicorn.Server):
        """Says when it is up."""

        async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
            await super().startup(sockets)  # type: ignore[arg-type]
            if self.started:
                host, port = self.servers[0].sockets[0].getsockname()[:2]
                ready(f"http://{host}:{port}/")

    config = uvicorn.Config(
        app,
        host=settings.ui_host,
        port=settings.ui_port,
        log_level="error",
        access_log=False,
        timeout_graceful_shutdown=5,
    )
    try:
        Server(config).run()
    except SystemExit as stop:
        raise SettingError(
            f"The web app cannot listen on {settings.ui_host}:{settings.ui_port}; something else may be using the "
            "port. Name another with --port, or 0 for a free one."
        ) from stop
