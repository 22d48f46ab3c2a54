"""Stores that change between two reads: something new arrives, or everything leaves."""

from typing import Any

from tests.scenario import Shop, call, click, visit


class Arriving:
    """The engine of a shop; each read is followed by an event of things never seen before."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._engine = shop.engine
        self.arrived = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name not in {"run", "terms", "page_rows", "page_sums"}:
            return found

        def read(*given: Any, **more: Any) -> Any:
            answer = found(*given, **more)
            self._arrive()
            return answer

        return read

    def _arrive(self) -> None:
        self.arrived += 1
        new = f"new-{self.arrived}"
        facts: dict[str, Any] = {"session": new, "facets": {"version": new, "service": new}}
        told = click(f"#{new}", action_name=new, loading_ms=5.0, **facts)
        elsewhere = (visit(page=f"/{new}", **facts), click(f"#{new}", page=f"/{new}", **facts))
        self._shop.tells(
            visit(**facts), told, call(told, path=f"/{new}"), *elsewhere,
            *(_of(event, new) for event in elsewhere),
        )  # fmt: skip


class Leaving:
    """The engine of a shop, of whose one visitor nothing is left after some reads."""

    def __init__(self, shop: Shop, user: str, reads: int) -> None:
        self._engine = shop.engine
        self._user = user
        self.left = reads

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._engine, name)
        if name not in {"run", "terms", "page_rows", "page_sums"}:
            return found

        def read(*given: Any, **more: Any) -> Any:
            answer = found(*given, **more)
            self.left -= 1
            if not self.left:
                self._engine.erase("shop", self._user)
            return answer

        return read


def _of(event: Any, application: str) -> Any:
    return type(event)(
        **{name: getattr(event, name) for name in event.__struct_fields__}
        | {"application": application}
    )
