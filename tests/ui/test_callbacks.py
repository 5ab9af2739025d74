"""What a request of the browser says of the widgets: a click what a person did, a timer nothing."""

from streamlit.proto.WidgetStates_pb2 import WidgetStates
from streamlit.runtime.scriptrunner import RerunData
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequests

from ui.callbacks import handle_every_click


def states(**values: float) -> WidgetStates:
    sent = WidgetStates()
    for name, value in values.items():
        sent.widgets.add(id=name, double_value=value)
    return sent


def taken(*requests: RerunData) -> dict[str, float]:
    """The widgets with which the script runs after these requests, which came in one moment."""
    handle_every_click()
    waiting = ScriptRequests()
    for request in requests:
        assert waiting.request_rerun(request)
    found = waiting.on_scriptrunner_ready().rerun_data.widget_states
    assert found is not None  # else a button that was pressed would stay so
    return {each.id: each.double_value for each in found.widgets}


def click(**values: float) -> RerunData:
    return RerunData(widget_states=states(**values))


def timer(**values: float) -> RerunData:
    return RerunData(widget_states=states(**values), fragment_id="curves", is_auto_rerun=True)


def test_a_timer_does_not_bring_back_what_the_page_showed_before() -> None:
    assert taken(timer(rate=0.01)) == {}
    assert taken(timer(rate=0.01), timer(rate=0.01)) == {}


def test_a_click_counts_beside_timers() -> None:
    assert taken(click(rate=0.1)) == {"rate": 0.1}
    assert taken(timer(rate=0.01), click(rate=0.1)) == {"rate": 0.1}
    assert taken(click(rate=0.1), timer(rate=0.01)) == {"rate": 0.1}
    assert taken(click(rate=0.1), timer(rate=0.01), timer(rate=0.01)) == {"rate": 0.1}
