"""The map of the prefecture: shapes the prefecture brings itself."""

import json
import re

import pytest
from click.testing import CliRunner

from kakehashi.journal.models import Event
from kakehashi.kernel.errors import DomainError
from kakehashi.kernel.tenancy import tenant_scope
from kakehashi.people.models import Role
from kakehashi.plans import services
from kakehashi.plans.domain import area_map as domain
from kakehashi.plans.domain.area_map import UnreadableMap, read_shapes
from kakehashi.plans.management.import_map import import_map
from kakehashi.plans.models import AreaMap
from kakehashi.plans.tests.test_choose_sharing import satisfaction

PAGE = "/staff/plans/municipalities/map/"


def topology(**changes):
    """Two squares side by side that share an arc; the left one is ひばり町, the right one no municipality of ours."""
    facts = [("990019", "ひばり町"), ("990043", "どこか")]
    found = {
        "type": "Topology",
        "transform": {"scale": [0.1, 0.1], "translate": [137, 36]},
        "arcs": [[[1, 0], [0, 1]], [[1, 1], [-1, 0], [0, -1], [1, 0]], [[1, 0], [1, 0], [0, 1], [-1, 0]]],
        "objects": {
            "areas": {
                "type": "GeometryCollection",
                "geometries": [
                    {
                        "type": "Polygon",
                        "arcs": [[0, 1]],
                        "properties": {"lg_code": facts[0][0], "city_name": facts[0][1]},
                    },
                    {
                        "type": "MultiPolygon",
                        "arcs": [[[2, -1]]],
                        "properties": {"lg_code": facts[1][0], "name": facts[1][1]},
                    },
                    {"type": "Polygon", "arcs": [[0, 1]], "properties": {"lg_code": "162019"}},
                ],
            }
        },
    }
    return json.dumps(found | changes).encode()


def test_shapes_are_cut_projected_and_joined():
    found = read_shapes(topology(), "99")
    assert [(one.code, one.name) for one in found.shapes] == [("990019", "ひばり町"), ("990043", "どこか")]
    assert (found.width, 600 < found.height < 630) == (1000.0, True)
    assert all(re.fullmatch(r"(M[\d. L]+Z)+", one.path) for one in found.shapes)


def test_a_long_line_is_simplified_and_neighbours_still_meet(monkeypatch):
    monkeypatch.setattr(domain, "DRAWN_POINTS", 40)
    border = [[1000, 0], *([[1 if n % 2 else -1, 1] for n in range(1000)])]
    found = read_shapes(
        topology(
            transform={"scale": [0.001, 0.001], "translate": [137, 36]},
            arcs=[
                border,
                [[1000, 1000], [-1000, 0], [0, -1000], [1000, 0]],
                [[1000, 0], [1000, 0], [0, 1000], [-1000, 0]],
            ],
        ),
        "99",
    )
    assert found.points <= 40


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"[" * 200_000,
        b'{"type": "FeatureCollection"}',
        topology(arcs=[[[1, 0], ["a", 1]]] * 3),
        topology(arcs=[]),
        topology(arcs=[[[9e99, 9e99]]] * 3),
        topology(transform={"scale": [1]}),
        topology(objects={"a": {"geometries": [{"type": "Polygon", "arcs": [[True]], "properties": {"lg_code": "990019"}}]}}),
        topology(objects={"a": {"geometries": [{"type": "Polygon", "arcs": [3], "properties": {"lg_code": "990019"}}]}}),
        topology(objects={"a": {"geometries": [{"type": "Polygon", "arcs": [[0] * 300_000], "properties": {"lg_code": "990019"}}]}}),
        topology(objects={}),
    ],
)  # fmt: skip
def test_hostile_files_are_refused(content):
    with pytest.raises(UnreadableMap):
        read_shapes(content, "99")


def test_names_from_a_file_cannot_write_markup():
    wicked = topology().replace("ひばり町".encode("unicode_escape"), b"<script>")
    assert all("<" not in one.path for one in read_shapes(wicked, "99").shapes)


def test_the_page_draws_links_and_says_what_is_missing(cast, prefecture, client_for):
    with tenant_scope(cast.hibari.id):
        satisfaction(cast.hibari, 41)
    client = client_for(prefecture.officer)
    assert "地図はまだ取り込まれていません" in client.get(PAGE).content.decode()
    with tenant_scope(prefecture.id):
        services.import_area_map(actor=prefecture.officer, name="形.topojson", content=topology())
        services.import_area_map(actor=prefecture.officer, name="形.topojson", content=topology())
        assert AreaMap.objects.count() == 1
        assert Event.objects.filter(code="plans.area_map.imported").count() == 2
    key = re.search(r'value="(m-[0-9a-f]+)"', client.get(PAGE).content.decode()).group(1)
    page = client.get(PAGE, {"one": key, "as_of": "year"}).content.decode()
    for words in ("ひばり町：41.0%", "地図に形のない団体：みさき市", "どこか（990043）"):
        assert words in page
    assert "style=" not in page.split('<svg class="plan-map__drawing"')[1].split("</svg>")[0]


def test_the_upload_page(cast, prefecture, client_for, tmp_path):
    client = client_for(prefecture.officer)
    assert client.get(f"{PAGE}import/").status_code == 200
    for content, status in ((b"{}", 422), (topology(), 302)):
        path = tmp_path / "a.topojson"
        path.write_bytes(content)
        with path.open("rb") as file:
            assert client.post(f"{PAGE}import/", {"file": file}).status_code == status
    assert client_for(cast.hibari.officer).get(PAGE).status_code == 404
    with tenant_scope(prefecture.id):
        Role.objects.update(permissions=["plans.municipalities:read"])
    assert client.get(PAGE).status_code == 200
    assert client.get(f"{PAGE}import/").status_code == 403


def test_only_a_prefecture_has_a_map(cast):
    with tenant_scope(cast.hibari.id), pytest.raises(DomainError):
        services.import_area_map(actor=cast.hibari.officer, name="a", content=topology())


def test_the_command(prefecture, tmp_path):
    path = tmp_path / "shapes.topojson"
    path.write_bytes(topology())
    done = CliRunner().invoke(import_map, [str(path), "--prefecture", "miharashi"])
    assert (done.exit_code, "2団体の形" in done.output) == (0, True)
    assert CliRunner().invoke(import_map, [str(path), "--prefecture", "nowhere"]).exit_code == 1
