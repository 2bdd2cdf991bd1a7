//! Python.

use super::Row;
use crate::audit::role::Role::*;

pub const ROWS: &[Row] = &[
    (Generated, "ruff", "--fix --fix-only"),
    (
        Verify,
        "ruff black isort yapf autopep8 docformatter pyupgrade blue ufmt usort autoflake",
        "--check --check-only --diff -c -d check --exit-non-zero-on-fix",
    ),
    (Generated, "ruff", "format"),
    (Verify, "ruff", ""),
    (Generated, "black isort yapf autopep8 docformatter pyupgrade blue ufmt usort autoflake", ""),
    (Support, "lintrunner", "init"),
    (Support, "tox nox", "-l --listenvs --notest devenv --list --install-only"),
    (Support, "pre-commit prek", "install prepare-hooks install-hooks autoupdate clean gc uninstall"),
    (Verify, "setup.py", "test check build bdist_wheel sdist build_ext build_sphinx"),
    (Support, "setup.py", ""),
    (Telemetry, "pytest py.test", "--benchmark-only --collect-only --co"),
    (
        Verify,
        "pytest py.test tox nox nosetests nose2 unittest doctest trial stestr testr behave robot hypothesis mutmut cosmic-ray zest.releaser",
        "",
    ),
    (
        Verify,
        "flake8 pylint mypy dmypy pyright basedpyright pytype pyre ty pycodestyle pydocstyle pyflakes vulture bandit safety",
        "",
    ),
    (
        Verify,
        "pip-audit semgrep codespell interrogate prospector radon xenon deptry import-linter lint-imports pydoclint numpydoc",
        "",
    ),
    (
        Verify,
        "pip-licenses liccheck cfn-lint sqlfluff djlint djhtml curlylint yamllint proselint doc8 rstcheck sphinx-lint",
        "",
    ),
    (
        Verify,
        "check-manifest check-jsonschema check-wheel-contents abi3audit auditwheel delocate-wheel pyroma validate-pyproject twine",
        "check show lint",
    ),
    (
        Verify,
        "check-manifest check-jsonschema check-wheel-contents abi3audit pyroma validate-pyproject pre-commit prek lintrunner",
        "",
    ),
    (Support, "auditwheel delocate-wheel", ""),
    (Publish, "mkdocs mike", "gh-deploy deploy set-default"),
    (Verify, "sphinx-build sphinx-autobuild mkdocs jupyter-book nbval jupyter papermill treon pdoc pydoctor", ""),
    (Verify, "djlint", "--check --lint"),
    (Publish, "twine flit poetry hatch uv pdm maturin", "upload publish"),
    (
        Verify,
        "cibuildwheel build maturin meson-python flit hatchling pyproject-build pyinstaller nuitka briefcase cython",
        "",
    ),
    (Verify, "uv", "check"),
    (Support, "uv", "pip tool venv python add"),
    (Support, "poetry pdm hatch rye", "add install self env config"),
    (Verify, "uv poetry pdm hatch rye", "build check --check test lint"),
    (Support, "pip pip3", "install download uninstall"),
    (Verify, "pip pip3", "check wheel"),
    (Support, "conda mamba micromamba", "install create env update"),
    (Verify, "conda mamba conda-build rattler-build", "build mambabuild"),
    (Verify, "vermin detect-secrets-hook", ""),
    (
        Support,
        "pip pip3 pipx uv poetry pdm pipenv rye hatch pixi conda mamba micromamba virtualenv venv pyenv ensurepip easy_install",
        "",
    ),
    (Verify, "coverage", "--fail-under"),
    (Telemetry, "coverage", "report html xml combine json lcov"),
    (
        Telemetry,
        "codecov coveralls genbadge diff-cover coverage-badge asv airspeed pytest-benchmark pyperf codecov-cli",
        "",
    ),
];
