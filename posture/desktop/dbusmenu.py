"""The menu on the bus: com.canonical.dbusmenu, as tray hosts read it.

Interface: libdbusmenu, dbus-menu.xml (version 3). The numbers of the items stay the same for as
long as the program runs, so that a click on a menu drawn before an update hits what was drawn.
"""

# dbus-fast reads the annotations themselves; "None" as a string it does not understand.
# (No "from __future__ import annotations" here.)

from collections.abc import Callable
from typing import Annotated

from dbus_fast import PropertyAccess, Variant
from dbus_fast.annotations import (
    DBusBool,
    DBusInt32,
    DBusSignature,
    DBusStr,
    DBusUInt32,
    DBusVariant,
)
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

from posture.desktop.menu import Item, walk

PATH = "/MenuBar"
INTERFACE = "com.canonical.dbusmenu"
ROOT = 0

Properties = dict[str, Variant]
Layout = Annotated[list[object], DBusSignature("(ia{sv}av)")]
IntList = Annotated[list[int], DBusSignature("ai")]
StrList = Annotated[list[str], DBusSignature("as")]
ItemList = Annotated[list[list[object]], DBusSignature("a(ia{sv})")]
RemovedList = Annotated[list[list[object]], DBusSignature("a(ias)")]
EventList = Annotated[list[list[object]], DBusSignature("a(isvu)")]


class MenuOnBus(ServiceInterface):
    """Serves one menu; *clicked* is called with the item, in the bus thread."""

    def __init__(self, clicked: Callable[[Item], None]) -> None:
        super().__init__(INTERFACE)
        self._clicked = clicked
        self._numbers: dict[str, int] = {}
        self._ids: dict[int, str] = {}
        self._last: dict[str, Item] = {}  # the last look of every item ever shown
        self._items: tuple[Item, ...] = ()
        self._revision = 0

    def show(self, items: tuple[Item, ...]) -> None:
        """Make *items* the menu; hosts are told only what changed."""
        if items == self._items:
            return
        before = {item.id: item for item in walk(self._items)}
        same_shape = _shape(items) == _shape(self._items)
        self._items = items
        for item in walk(items):
            self._last[item.id] = item
            if item.id not in self._numbers:
                number = len(self._numbers) + 1
                self._numbers[item.id] = number
                self._ids[number] = item.id
        if not same_shape:
            self._revision += 1
            self.LayoutUpdated(self._revision, ROOT)
            return
        changed: list[list[object]] = [
            [self._numbers[item.id], _properties(item)]
            for item in walk(items)
            if _properties(item) != _properties(before[item.id])
        ]
        if changed:
            self.ItemsPropertiesUpdated(changed, [])

    def number(self, item_id: str) -> int:
        """The number under which hosts know the item. Raises KeyError."""
        return self._numbers[item_id]

    def _layout(self, number: int, depth: int) -> list[object]:
        if number == ROOT:
            properties: Properties = {"children-display": Variant("s", "submenu")}
            children = self._items
        else:
            item = self._last[self._ids[number]]
            properties, children = _properties(item), item.children
        below: list[Variant] = []
        if depth != 0:
            below = [
                Variant("(ia{sv}av)", self._layout(self._numbers[child.id], depth - 1))
                for child in children
            ]
        return [number, properties, below]

    def _event(self, number: int, event: str) -> None:
        if event != "clicked" or number not in self._ids:
            return
        item = self._last[self._ids[number]]
        if item.wish is not None and item.enabled:
            self._clicked(item)

    @dbus_property(access=PropertyAccess.READ)
    def Version(self) -> DBusUInt32:
        """Version of the interface."""
        return 3

    @dbus_property(access=PropertyAccess.READ)
    def TextDirection(self) -> DBusStr:
        """Left to right."""
        return "ltr"

    @dbus_property(access=PropertyAccess.READ)
    def Status(self) -> DBusStr:
        """Nothing urgent."""
        return "normal"

    @dbus_property(access=PropertyAccess.READ)
    def IconThemePath(self) -> StrList:
        """No icons of its own."""
        return []

    @dbus_method()
    def GetLayout(
        self,
        parent: DBusInt32,
        depth: DBusInt32,
        names: StrList,
    ) -> Annotated[tuple[int, list[object]], DBusSignature("u(ia{sv}av)")]:
        """The tree below *parent*, *depth* levels deep (-1: all)."""
        known = parent == ROOT or parent in self._ids
        return self._revision, self._layout(parent if known else ROOT, depth)

    @dbus_method()
    def GetGroupProperties(self, ids: IntList, names: StrList) -> ItemList:
        """The properties of several items (none named: all items)."""
        wanted = ids or list(self._ids)
        return [
            [number, _properties(self._last[self._ids[number]])]
            for number in wanted
            if number in self._ids
        ]

    @dbus_method()
    def GetProperty(self, number: DBusInt32, name: DBusStr) -> DBusVariant:
        """One property of one item; the empty string if it has none of that name."""
        if number not in self._ids:
            return Variant("s", "")
        return _properties(self._last[self._ids[number]]).get(name, Variant("s", ""))

    @dbus_method()
    def Event(
        self, number: DBusInt32, event: DBusStr, data: DBusVariant, timestamp: DBusUInt32
    ) -> None:
        """Something happened to an item: "clicked" counts."""
        self._event(number, event)

    @dbus_method()
    def EventGroup(self, events: EventList) -> IntList:
        """Several events at once; returns the numbers of items that do not exist."""
        unknown = []
        for number, event, _data, _timestamp in events:
            if not isinstance(number, int) or number not in self._ids:
                unknown.append(int(str(number)))
            else:
                self._event(number, str(event))
        return unknown

    @dbus_method()
    def AboutToShow(self, number: DBusInt32) -> DBusBool:
        """Whether the menu must be read again before it is shown: it is always up to date."""
        return False

    @dbus_method()
    def AboutToShowGroup(
        self, ids: IntList
    ) -> Annotated[tuple[list[int], list[int]], DBusSignature("aiai")]:
        """The same for several items: those to read again, those that do not exist."""
        return [], [number for number in ids if number != ROOT and number not in self._ids]

    @dbus_signal()
    def LayoutUpdated(
        self, revision: int, parent: int
    ) -> Annotated[list[int], DBusSignature("ui")]:
        """The tree below *parent* has changed."""
        return [revision, parent]

    @dbus_signal()
    def ItemsPropertiesUpdated(
        self, updated: list[list[object]], removed: list[list[object]]
    ) -> Annotated[list[list[list[object]]], DBusSignature("a(ia{sv})a(ias)")]:
        """Some items look different."""
        return [updated, removed]


def _shape(items: tuple[Item, ...]) -> tuple[object, ...]:
    return tuple((item.id, item.checked is None, _shape(item.children)) for item in items)


def _properties(item: Item) -> Properties:
    """All properties of one item; every one is given, so that none must ever be taken back."""
    if item.separator:
        return {"type": Variant("s", "separator"), "visible": Variant("b", True)}
    properties = {
        # An underscore would make the next letter a keyboard mnemonic.
        "label": Variant("s", item.label.replace("_", "__")),
        "enabled": Variant("b", item.enabled),
        "visible": Variant("b", True),
    }
    if item.checked is not None:
        properties["toggle-type"] = Variant("s", "radio" if item.radio else "checkmark")
        properties["toggle-state"] = Variant("i", int(item.checked))
    if item.children:
        properties["children-display"] = Variant("s", "submenu")
    return properties
