"""The session on macOS, asked through Quartz, AVFoundation, IOKit and NSWorkspace (Apple docs).

PyObjC (Quartz, AppKit, its core) comes with pystray there; the other frameworks are loaded by it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

from posture.core.inputs import Session

_ANY_INPUT = 0xFFFFFFFF  # kCGAnyInputEventType (CGEventTypes.h)
_COMBINED_SESSION = 0  # kCGEventSourceStateCombinedSessionState
_ON_SCREEN_WITHOUT_DESKTOP = 1 | 16  # kCGWindowListOptionOnScreenOnly | ExcludeDesktopElements
_MAX_DISPLAYS = 16
_BATTERY = "Battery Power"  # kIOPMBatteryPowerKey (IOPSKeys.h)
_VIDEO = "vide"  # AVMediaTypeVideo
_SLEEP, _WAKE = "NSWorkspaceWillSleepNotification", "NSWorkspaceDidWakeNotification"


class MacSession:
    """Polls; only sleep is an event, and needs the application's loop to run (the tray's).

    *frameworks* gives ``quartz``, ``appkit``, ``cameras`` (the AVCaptureDevice class or None) and
    ``power_source()``.
    """

    def __init__(self, frameworks: Any = None) -> None:
        self._of = frameworks if frameworks is not None else Frameworks()
        self._asleep: bool | None = None
        self._observers: list[Any] = []

    def start(self, changed: Callable[[], None]) -> None:
        """Ask to be told of sleep and waking."""
        center = self._of.appkit.NSWorkspace.sharedWorkspace().notificationCenter()

        def told(asleep: bool) -> Callable[[Any], None]:
            def block(_notification: Any) -> None:
                self._asleep = asleep
                changed()

            return block

        for name, asleep in ((_SLEEP, True), (_WAKE, False)):
            self._observers.append(
                center.addObserverForName_object_queue_usingBlock_(name, None, None, told(asleep))
            )
        self._asleep = False

    def stop(self) -> None:
        """Stop being told."""
        center = self._of.appkit.NSWorkspace.sharedWorkspace().notificationCenter()
        while self._observers:
            center.removeObserver_(self._observers.pop())
        self._asleep = None

    def read(self) -> Session:
        """The facts as of now."""
        return Session(
            locked=self._locked(),
            idle_s=self._idle_s(),
            full_screen=self._full_screen(),
            camera_used_by=self._camera_used_by(),
            on_battery=self._on_battery(),
            asleep=self._asleep,
        )

    def told_by(self) -> Mapping[str, str | None]:
        """Who tells each fact."""
        session = self.read()
        cameras = None if self._of.cameras is None else "AVFoundation"
        return {
            "locked": None if session.locked is None else "the window server",
            "idle_s": None if session.idle_s is None else "Quartz",
            "full_screen": None if session.full_screen is None else "the window list",
            "camera_used_by": cameras,
            "on_battery": None if session.on_battery is None else "IOKit",
            "asleep": None if session.asleep is None else "NSWorkspace",
        }

    def _locked(self) -> bool | None:
        facts = self._of.quartz.CGSessionCopyCurrentDictionary()
        # The key is there only while the screen is locked; no dictionary: no window server.
        return None if facts is None else bool(facts.get("CGSSessionScreenIsLocked", False))

    def _idle_s(self) -> float | None:
        seconds = self._of.quartz.CGEventSourceSecondsSinceLastEventType(
            _COMBINED_SESSION, _ANY_INPUT
        )
        return float(seconds) if seconds >= 0 else None

    def _full_screen(self) -> bool | None:
        """Whether a window of an ordinary program covers a whole display, menu bar included."""
        quartz = self._of.quartz
        windows = quartz.CGWindowListCopyWindowInfo(_ON_SCREEN_WITHOUT_DESKTOP, 0)
        failed, displays, _count = quartz.CGGetActiveDisplayList(_MAX_DISPLAYS, None, None)
        if windows is None or failed:
            return None
        screens = {_corners(quartz.CGDisplayBounds(display)) for display in displays}
        return any(
            window.get("kCGWindowLayer") == 0 and _box(window["kCGWindowBounds"]) in screens
            for window in windows
        )

    def _camera_used_by(self) -> str | None:
        if self._of.cameras is None:
            return None
        for camera in self._of.cameras.devicesWithMediaType_(_VIDEO) or ():
            if camera.isInUseByAnotherApplication():
                return str(camera.localizedName())
        return None

    def _on_battery(self) -> bool | None:
        source = self._of.power_source()
        return None if source is None else source == _BATTERY


class Frameworks:
    """Apple's libraries, as far as this macOS has them."""

    def __init__(self) -> None:
        self.quartz: Any = import_module("Quartz")
        self.appkit: Any = import_module("AppKit")
        self._objc: Any = import_module("objc")
        self.cameras: Any = self._load_cameras()
        self._power: dict[str, Any] = self._load_power()

    def power_source(self) -> str | None:
        """What feeds the computer, in IOKit's words; None when it does not say."""
        if not self._power:
            return None
        facts = self._power["IOPSCopyPowerSourcesInfo"]()
        source = self._power["IOPSGetProvidingPowerSourceType"](facts)
        return None if source is None else str(source)

    def _load_cameras(self) -> Any:
        path = "/System/Library/Frameworks/AVFoundation.framework"
        with suppress(ImportError, ValueError, self._objc.error):
            self._objc.loadBundle("AVFoundation", {}, bundle_path=path)
            return self._objc.lookUpClass("AVCaptureDevice")
        return None

    def _load_power(self) -> dict[str, Any]:
        functions: dict[str, Any] = {}
        path = "/System/Library/Frameworks/IOKit.framework"
        bundle = import_module("Foundation").NSBundle.bundleWithPath_(path)
        wanted = [
            # "Copy": the caller owns the result, and PyObjC must know to let it go.
            ("IOPSCopyPowerSourcesInfo", b"@", "", {"retval": {"already_cfretained": True}}),
            ("IOPSGetProvidingPowerSourceType", b"@@"),
        ]
        if bundle is not None:
            self._objc.loadBundleFunctions(bundle, functions, wanted)
        return functions


def _corners(rectangle: Any) -> tuple[float, float, float, float]:
    origin, size = rectangle.origin, rectangle.size
    return float(origin.x), float(origin.y), float(size.width), float(size.height)


def _box(bounds: Any) -> tuple[float, float, float, float]:
    return tuple(float(bounds[name]) for name in ("X", "Y", "Width", "Height"))  # type: ignore[return-value]
