"""CloudFormation: moto has templates checked by cfn-lint, which is as big as everything else that
the emulator needs. Templates are checked elsewhere; here whatever is sent counts as well-formed."""

import sys
import types


def install() -> None:
    if "cfnlint" in sys.modules:
        return
    _stand_in("cfnlint")
    _stand_in("cfnlint.api", lint=lambda *_, **__: [])
    _stand_in("cfnlint.config", configure_logging=lambda *_, **__: None)
    _stand_in("cfnlint.core", get_rules=lambda *_, **__: [])


def _stand_in(name: str, **members) -> None:
    module = types.ModuleType(name)
    module.__dict__.update(members, __path__=[])
    sys.modules[name] = module
