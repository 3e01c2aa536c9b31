"""The middle of the assistant: what happens at each model call of the agent loop.

LangChain's agent loop asks the model twice a turn: what to do, and what to say. This middleware answers both.
It lets the chat model plan under a grammar and judges the plan, or plans by rules; once a tool has answered,
it lets the chat model word the answer and checks that it is grounded, or words it by template.
"""

import logging
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from langchain.agents.middleware import (
    AgentMiddleware,
    ModelRequest,
    ModelResponse,
    ToolCallRequest,
)
from langchain_core.messages import (
    AIMessage,
    AnyMessage,
    HumanMessage,
    RemoveMessage,
    ToolCall,
    ToolMessage,
)
from langgraph.types import Command

from shopclerk.agents import answers
from shopclerk.agents.answer_writer import AnswerWriter
from shopclerk.agents.context import (
    Context,
    before_request,
    request_picture,
    request_text,
    since_request,
)
from shopclerk.agents.judgement import objection
from shopclerk.agents.lexicon import Lexicon
from shopclerk.agents.model_planner import ModelPlanner, native_plan
from shopclerk.agents.picture_rules import meant_picture
from shopclerk.agents.plan import Plan
from shopclerk.agents.reading import Reading, read_message
from shopclerk.agents.rules import RulePlanner
from shopclerk.agents.trained_planner import TrainedPlanner
from shopclerk.catalog.spelling import Speller
from shopclerk.errors import EndpointError, ToolError
from shopclerk.tools.arguments import SearchArguments
from shopclerk.tools.result import ToolResult, artifact_of

log = logging.getLogger(__name__)

MAX_TURNS_KEPT = 20

AskNatively = Callable[[], Plan]


@dataclass(slots=True)
class Planning:
    """The planners of an assistant.

    Attributes:
        rules: Plans by rules.
        model: Plans by the chat model; None plans by rules alone.
        model_alone: Never let the rules take over, for measuring.
        trained: The model was trained for decisions; it is asked where the rules are unsure, and believed there
            unless something speaks against it.
        strict: Believe a model without such training only where the rules agree.
        native: Use the endpoint's own tool calls instead of a grammar.
    """

    rules: RulePlanner
    model: ModelPlanner | TrainedPlanner | None = None
    model_alone: bool = False
    trained: bool = False
    strict: bool = True
    native: bool = False


class TurnMaker(AgentMiddleware[Any, Any]):
    """Plans and answers each turn; see the module's text.

    Args:
        lexicon: The catalogue's words.
        speller: Mends misspelt words.
        planning: The planners.
        writer: Words answers by the chat model; None uses templates alone.
        departments: Names to offer a shopper who has said nothing yet.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        speller: Speller,
        planning: Planning,
        *,
        writer: AnswerWriter | None = None,
        departments: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self._lexicon = lexicon
        self._speller = speller
        self._planning = planning
        self._writer = writer
        self._departments = departments

    def wrap_model_call(
        self, request: ModelRequest[Any], handler: Callable[[ModelRequest[Any]], ModelResponse[Any]]
    ) -> AIMessage:
        """Answer the agent loop's model call: a tool call first, then the words."""
        messages = request.messages
        text = request_text(messages)
        reading = read_message(text, self._lexicon, self._speller)
        context = Context.of(before_request(messages))
        reading.image = meant_picture(reading.text, request_picture(messages), context)
        results = [m for m in since_request(messages) if isinstance(m, ToolMessage)]
        if results:
            return self._answer(text, reading, context, since_request(messages))
        # Alone, the model's mistakes are its own, for measuring; else the rules take over.
        tools = None if self._planning.model_alone else request.tools
        ask = partial(native_plan, partial(handler, request), tools)
        return self._plan(text, reading, context, ask)

    def before_agent(self, state: Any, runtime: Any) -> dict[str, Any] | None:
        """Forget what is older than the last turns, so that a conversation stays bounded."""
        messages = state["messages"]
        requests = [i for i, message in enumerate(messages) if isinstance(message, HumanMessage)]
        if len(requests) <= MAX_TURNS_KEPT:
            return None
        old = messages[: requests[-MAX_TURNS_KEPT]]
        return {"messages": [RemoveMessage(id=message.id) for message in old]}

    def wrap_tool_call(
        self,
        request: ToolCallRequest,
        handler: Callable[[ToolCallRequest], ToolMessage | Command[Any]],
    ) -> ToolMessage | Command[Any]:
        """Run a tool; its two kinds of error become a message of status `error`."""
        try:
            return handler(request)
        except ToolError as error:
            call = request.tool_call
            return ToolMessage(
                str(error), tool_call_id=call["id"], name=call["name"], status="error"
            )

    # -- plan ----------------------------------------------------------------------------------------

    def _plan(
        self, text: str, reading: Reading, context: Context, ask_natively: AskNatively
    ) -> AIMessage:
        plan, by, reason = self._choose(text, reading, context, ask_natively)
        made = {"planned_by": by, "reason": reason}
        if plan.tool is None:
            content = answers.reply(plan.reply or "clarify", self._departments)
            return AIMessage(content, response_metadata={**made, "written_by": "template"})
        calls = [
            ToolCall(name=part.tool or "", args=part.arguments, id=uuid.uuid4().hex[:12])
            for part in plan.calls()
        ]
        return AIMessage("", tool_calls=calls, response_metadata=made)

    def _choose(
        self, text: str, reading: Reading, context: Context, ask_natively: AskNatively
    ) -> tuple[Plan, str, str | None]:
        planning = self._planning
        ruled = planning.rules.plan(reading, context)
        # What is meant by a picture, and what to do with it, the words around it hardly say; nor does a later
        # 'in blue' say that a picture is still in effect.
        pictured = reading.image is not None or ruled.arguments.get("image")
        if planning.model is None or (pictured and not planning.native):
            return ruled, "rules", None
        if (
            planning.trained
            and not planning.model_alone
            and not planning.rules.unsure(ruled, reading)
        ):
            # Where the rules made sense of every word they are the better planner, and quicker by far.
            return ruled, "rules", None
        try:
            plan = (
                ask_natively() if planning.native else planning.model.plan(text, reading, context)
            )
        except EndpointError as error:
            log.info("the model did not plan: %s", error)
            if planning.model_alone:
                return Plan(reply="clarify"), "model", str(error)
            return ruled, "rules", str(error)
        if planning.model_alone:
            return plan, "model", None
        plan, reason = chosen_plan(
            planning.rules, plan, ruled, reading, strict=planning.strict, trained=planning.trained
        )
        if reason is None:
            return plan, "model", None
        log.info("rules plan: the model's plan %s", reason)
        return ruled, "rules", f"The model's plan {reason}."

    # -- answer --------------------------------------------------------------------------------------

    def _answer(
        self, text: str, reading: Reading, context: Context, messages: Sequence[AnyMessage]
    ) -> AIMessage:
        made = [call for m in messages if isinstance(m, AIMessage) for call in m.tool_calls]
        answered = {m.tool_call_id: m for m in messages if isinstance(m, ToolMessage)}
        call, message = made[0], answered[str(made[0]["id"])]
        result = artifact_of(message)
        if message.status == "error" or result is None:
            failed = answers.picture_failed if call["args"].get("image") else answers.failed
            return _said(failed(), "template")
        beside = artifact_of(answered.get(str(made[1]["id"]))) if len(made) > 1 else None
        template = self._template(call["name"], call["args"], result, reading, context, beside)
        words = None
        if self._writer and result.products:
            words = self._writer.write(text, message.text, result)
        if words:
            return _said(words, "model")
        return _said(template, "template")

    def _template(
        self,
        tool: str,
        given: dict[str, Any],
        result: ToolResult,
        reading: Reading,
        context: Context,
        beside: ToolResult | None,
    ) -> str:
        if tool == "search_catalog":
            arguments = SearchArguments(**given)
            return answers.search_answer(arguments, result, reading.corrections, beside)
        if tool == "describe_image":
            return answers.description_answer(result)
        if tool == "locate_in_image":
            return answers.location_answer(given.get("phrase"), result)
        if tool == "find_similar":
            origin = next((p for p in context.shown if p.id == given.get("id")), None)
            return answers.similar_answer(origin, result)
        if tool == "compare_products":
            return answers.compare_answer(given.get("sort", "relevance"), result, reading)
        return answers.product_answer(result.products[0], reading)


def chosen_plan(
    rules: RulePlanner,
    plan: Plan | None,
    ruled: Plan,
    reading: Reading,
    *,
    strict: bool = False,
    trained: bool = True,
) -> tuple[Plan, str | None]:
    """Return the plan that is carried out where model and rules both planned.

    Args:
        rules: The rules.
        plan: The model's plan, None where it made none.
        ruled: The rules' plan.
        reading: What the message says.
        strict: See `objection`.
        trained: See `objection`.

    Returns:
        The plan, and what speaks against the model's, None where it is the one.
    """
    if plan is None:
        return ruled, "is missing"
    reason = objection(plan, ruled, reading, strict=strict, trained=trained)
    if reason is None and rules.finds_more(ruled, plan):
        reason = "finds nothing, and the rules' does"
    if reason is None and trained and plan != ruled and not rules.makes_sense(plan):
        reason = "is no better founded than the rules'"
    return (plan, None) if reason is None else (ruled, reason)


def _said(words: str, writer: str) -> AIMessage:
    return AIMessage(words, response_metadata={"written_by": writer})
