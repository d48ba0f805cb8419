# Kakehashi: `make demo` to see it, `make test` to check it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
export PATH := $(CURDIR)/.venv/bin:$(HOME)/.local/bin:$(PATH)
PORT ?= 8000

.PHONY: help attack-api release setup demo serve test test-server lint bench eval-search messages reference browser outside supply

help: ## この一覧 / this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: .venv/.ready ## 必要なものを入れる / install what is needed

.venv/.ready: uv.lock pyproject.toml scripts/choose_python
	@scripts/ensure_uv
	uv sync --frozen --python "$$(scripts/choose_python)"
	@touch $@

demo: setup ## 見本の町を動かす / start everything with the demo town
	kakehashi demo --port $(PORT)

serve: setup ## 自分の町を動かす / serve your own
	kakehashi serve --port $(PORT)

browser: ## 画面の試験に要るもの / Chromium and fonts for the browser tests
	@scripts/ensure_browser

outside: ## プロキシとウイルス検査の試験に要るもの / nginx, Caddy and clamd for their tests
	@scripts/ensure_outside

supply: setup ## 部品の検査と一覧（SBOM） / hashes, licences, vendored files, SBOM, known vulnerabilities
	python scripts/check_vendor.py
	python scripts/supply.py

test: setup browser ## すべての試験 / every test
	@# Every process of the tests reads what the first one compiled, even where Python is told to keep nothing.
	env -u PYTHONDONTWRITEBYTECODE pytest -n 4 --dist loadfile --no-loadscope-reorder -q

test-server: setup ## サーバーの PostgreSQL でも試す / tables and numbers on Debian's PostgreSQL
	@scripts/ensure_postgres
	TEST_POSTGRES_PROGRAMS=$$(ls -d /usr/lib/postgresql/*/bin | tail -1) env -u PYTHONDONTWRITEBYTECODE pytest -n 2 --dist loadfile -q -m "not browser" \
		src/kakehashi/people src/kakehashi/governments src/kakehashi/journal src/kakehashi/cases src/kakehashi/approvals src/kakehashi/records \
		src/kakehashi/site/tests/test_releases.py src/kakehashi/site/tests/test_restore_archive.py src/kakehashi/site/tests/test_cluster_versions.py

lint: setup ## 形の検査 / checks of form
	ruff check src tests bench scripts
	ruff format --check src tests bench scripts
	mypy src/kakehashi
	lint-imports
	djlint --lint --quiet src/kakehashi

attack-api: setup ## APIへの長い攻撃 / generated requests against the API, 300 for each operation, way and kind of key
	TEST_API_EXAMPLES=300 env -u PYTHONDONTWRITEBYTECODE pytest -n 2 -q tests/attack/test_api.py

bench: setup ## 速さを測る / measure
	python bench/accept.py

eval-search: setup ## 検索の質を測る / measure how well the search finds
	kakehashi eval-search --corpus bench/search_quality/corpus.jsonl --queries bench/search_quality/queries.jsonl \
		--qrels bench/search_quality/qrels.jsonl --baseline bm25

messages: setup ## 訳を集めて組み直す / collect and compile translations
	python scripts/messages.py

release: setup ## この版のデータベースを更新の試験に残す / keep this release's database for the tests of upgrades
	python scripts/write_release.py $(VERSION)

reference: setup ## 権限と記録の一覧を書き直す / rewrite what is drawn from the code
	python scripts/write_reference.py
