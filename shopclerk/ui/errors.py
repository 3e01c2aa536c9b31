"""Errors as people see them: what is meant for people is shown as it is, anything else is logged."""

import logging
from collections.abc import Callable, Iterator
from functools import wraps
from html import escape
from typing import Any, ParamSpec, TypeVar

import gradio as gr

from shopclerk.errors import ShopclerkError
from shopclerk.ui.metrics import Metrics

log = logging.getLogger(__name__)

UNFORESEEN = "Something went wrong on our side. What you did so far is kept; please try again."

P = ParamSpec("P")
R = TypeVar("R")


def shown(error: Exception, metrics: Metrics) -> gr.Error:
    """Return an error to be shown for one that happened."""
    if isinstance(error, gr.Error):
        return error
    if isinstance(error, ShopclerkError):
        return gr.Error(
            escape(str(error), quote=False), title="That did not work", print_exception=False
        )
    metrics.errors.inc()
    log.error("Unforeseen error in the web app", exc_info=error)
    return gr.Error(UNFORESEEN, title="Sorry", print_exception=False)


def friendly(metrics: Metrics) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for what answers a click."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return function(*args, **kwargs)
            except Exception as error:
                raise shown(error, metrics) from None

        return guarded

    return decorate


def friendly_stream(
    metrics: Metrics,
) -> Callable[[Callable[P, Iterator[Any]]], Callable[P, Iterator[Any]]]:
    """Return the same decorator for what answers bit by bit."""

    def decorate(function: Callable[P, Iterator[Any]]) -> Callable[P, Iterator[Any]]:
        @wraps(function)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Iterator[Any]:
            told = False
            try:
                for part in function(*args, **kwargs):
                    told = True
                    yield part
                if not told:
                    yield {}  # gradio empties every field where nothing at all is told
            except Exception as error:
                raise shown(error, metrics) from None

        return guarded

    return decorate
