from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring.backend
import keyring.errors
import pytest

from app import secrets as app_secrets
from app import settings
from app.domain.people import Role
from app.errors import BadInput, NotAllowed, NotFound, Unavailable
from app.secrets import KeyringSecrets, MemorySecrets, PassphraseSecrets, from_backend, open_secrets
from app.services import people, register, workplace
from app.services.workplace import PinCost
from tests.fakes.clock import HandClock
from tests.fakes.district import DESA, PIN, WEAK, Desk, key, make, region


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = make(tmp_path)
    yield desk
    desk.wp.close()


# ---- the folder ------------------------------------------------------------------------------------------------------


def _create(folder: Path, **more: object) -> workplace.Workplace:
    arguments = {
        "realm": "latihan-uji",
        "district": "3204",
        "region": region(),
        "clock": HandClock(),
        "secrets": MemorySecrets(),
        **more,
    }
    return workplace.create(folder, **arguments)  # type: ignore[arg-type]  # a test varies one argument


def test_a_folder_that_holds_one_is_refused(desk: Desk) -> None:
    with pytest.raises(BadInput, match="sudah berisi"):
        _create(desk.wp.folder)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"district": "3273"}, "tidak memuat"),
        ({"profile": "cepat"}, "Profil"),
        ({"send_when": "never"}, "Cara kirim"),
        ({"form_ids": ["c9"]}, "tidak dikenal"),
    ],
)
def test_what_cannot_be_made_leaves_nothing_behind(
    more: dict[str, object], words: str, tmp_path: Path
) -> None:
    with pytest.raises((BadInput, NotFound), match=words):
        _create(tmp_path / "new", **more)
    assert not (tmp_path / "new").exists()


def test_a_failure_while_filling_leaves_nothing_behind(tmp_path: Path) -> None:
    secrets = MemorySecrets()
    double = region()
    twice = type(double)(double.areas, (*double.stations, double.stations[0]))
    with pytest.raises(Exception, match="UNIQUE"):
        _create(tmp_path / "new", region=twice, secrets=secrets)
    assert not (tmp_path / "new").exists()
    assert secrets.get("x") is None
    assert secrets._values == {}  # noqa: SLF001 - the only way to see that no key is left


def test_the_second_process_is_told_who_holds_the_folder(desk: Desk) -> None:
    with pytest.raises(Unavailable, match=r"proses \d+ di komputer .+ sejak 17/4/2019 pukul") as refused:
        workplace.open_workplace(desk.wp.folder, clock=desk.clock, secrets=desk.secrets)
    assert refused.value.code == "in_use"
    (desk.wp.folder / "situng.lock.info").write_text("?", encoding="utf-8")
    with pytest.raises(Unavailable, match="proses lain"):
        workplace.open_workplace(desk.wp.folder, clock=desk.clock, secrets=desk.secrets)
    with workplace.open_workplace(
        desk.wp.folder, clock=desk.clock, secrets=desk.secrets, read_only=True
    ) as other:
        assert register.station(other, f"{DESA}001").dpt_l == 97
        assert other.is_read_only


def test_a_closed_folder_opens_again_as_it_was(desk: Desk) -> None:
    kept = workplace.device_key(desk.wp)
    desk.wp.close()
    again = workplace.open_workplace(desk.wp.folder, clock=desk.clock, secrets=desk.secrets, quick_check=True)
    assert (again.realm, again.district, again.device_id, again.is_practice) == (
        "latihan-uji",
        "3204",
        desk.wp.device_id,
        True,
    )
    assert workplace.realm_of(again.folder) == "latihan-uji"
    assert workplace.device_key(again) == kept
    again.close()
    with pytest.raises(BadInput, match="tidak ada data"):
        workplace.open_workplace(desk.wp.folder / "nowhere", clock=desk.clock, secrets=desk.secrets)


def test_a_lost_device_key_is_replaced(desk: Desk) -> None:
    before = workplace.device_public_key(desk.wp)
    desk.secrets.delete(f"{desk.wp.device_id}/device")
    assert workplace.device_public_key(desk.wp) != before


def test_the_server_comes_with_its_set_up_file(desk: Desk) -> None:
    assert workplace.server_of(desk.wp) is None
    setup = {"realm": "latihan-uji", "district": "3204", "server": "https://kpu/", "keys": {"k1": "AA=="}}
    with pytest.raises(BadInput, match="untuk 3273"):
        workplace.connect_server(desk.wp, server_url="", setup={**setup, "district": "3273"})
    with pytest.raises(BadInput, match="tidak memuat kunci"):
        workplace.connect_server(desk.wp, server_url="", setup={**setup, "keys": {}})
    workplace.connect_server(desk.wp, server_url="", setup=setup)
    account = workplace.server_of(desk.wp)
    assert account is not None
    assert (account.server_url, account.keys) == ("https://kpu", {"k1": "AA=="})
    assert workplace.preference(desk.wp, "night", "22") == "22"
    workplace.set_preference(desk.wp, "night", "21")
    assert workplace.preference(desk.wp, "night") == "21"


# ---- people ----------------------------------------------------------------------------------------------------------


def test_the_first_person_must_be_a_coordinator(tmp_path: Path) -> None:
    wp = _create(tmp_path / "new", pin_cost=WEAK)
    with pytest.raises(NotAllowed, match="koordinator"):
        people.add_person(wp, id="ani", name="Ani", roles=[Role.KEY], pin=PIN)
    with pytest.raises(BadInput, match="PIN"):
        people.add_person(wp, id="ani", name="Ani", roles=[Role.COORDINATE], pin="1")
    with pytest.raises(BadInput, match="tidak dapat dipakai"):
        people.add_person(wp, id="a ni", name="Ani", roles=[Role.COORDINATE], pin=PIN)
    with pytest.raises(BadInput, match="peran"):
        people.add_person(wp, id="ani", name="Ani", roles=[], pin=PIN)
    people.add_person(wp, id="ani", name="", roles=[Role.COORDINATE], pin=PIN)
    with pytest.raises(BadInput, match="sudah ada"):
        people.add_person(wp, id="ani", name="Ani", roles=[Role.KEY], pin=PIN)
    assert people.person(wp, "ani").name == "ani"
    wp.close()


def test_wrong_pins_make_the_next_one_wait_also_after_a_restart(desk: Desk) -> None:
    for _ in range(people.FREE_TRIES):
        with pytest.raises(NotAllowed, match="PIN salah"):
            people.sign_in(desk.wp, "ani", "000000")
    with pytest.raises(NotAllowed, match="Terlalu banyak") as waiting:
        people.sign_in(desk.wp, "ani", PIN)
    assert waiting.value.code == "pin_wait"
    desk.wp.close()
    wp = workplace.open_workplace(desk.wp.folder, clock=desk.clock, secrets=desk.secrets, pin_cost=WEAK)
    with pytest.raises(NotAllowed, match="Terlalu banyak"):
        people.sign_in(wp, "ani", PIN)
    desk.clock.forward(people.FIRST_WAIT_S + 1)
    with pytest.raises(NotAllowed, match="PIN salah"):
        people.sign_in(wp, "ani", "000000")
    desk.clock.forward(people.FIRST_WAIT_S + 1)
    with pytest.raises(NotAllowed, match="Terlalu banyak"):
        people.sign_in(wp, "ani", PIN)
    desk.clock.forward(people.FIRST_WAIT_S + 1)
    assert people.sign_in(wp, "ani", PIN).person.id == "ani"
    assert people.sign_in(wp, "budi", PIN).person.id == "budi"
    wp.close()


def test_pins_change_and_are_given_anew(desk: Desk) -> None:
    people.change_pin(desk.wp, desk["ani"], "654321")
    assert people.sign_in(desk.wp, "ani", "654321").private_key == desk["ani"].private_key
    changed = people.reset_pin(desk.wp, desk["koor"], "ani", "111111")
    session = people.sign_in(desk.wp, "ani", "111111")
    assert session.private_key != desk["ani"].private_key
    assert session.person.public_key == changed.public_key
    with pytest.raises(NotAllowed):
        people.reset_pin(desk.wp, desk["ani"], "budi", "111111")


def test_people_are_kept_out_and_let_in(desk: Desk) -> None:
    people.set_active(desk.wp, desk["koor"], "ani", False)
    with pytest.raises(NotAllowed, match="dinonaktifkan"):
        people.sign_in(desk.wp, "ani", PIN)
    people.set_active(desk.wp, desk["koor"], "ani", True)
    people.sign_in(desk.wp, "ani", PIN)
    with pytest.raises(NotAllowed, match="dirinya sendiri"):
        people.set_active(desk.wp, desk["koor"], "koor", False)
    people.set_roles(desk.wp, desk["koor"], "ani", [Role.SCAN])
    assert people.person(desk.wp, "ani").roles == {Role.SCAN}
    with pytest.raises(BadInput):
        people.set_roles(desk.wp, desk["koor"], "koor", [Role.SCAN])
    with pytest.raises(NotFound):
        people.person(desk.wp, "nobody")


def test_without_the_keyrings_secret_a_right_pin_opens_no_key(desk: Desk) -> None:
    desk.secrets.delete(f"{desk.wp.device_id}/pin")
    with pytest.raises(Unavailable, match="PIN benar") as lost:
        people.sign_in(desk.wp, "ani", PIN)
    assert lost.value.code == "key_lost"


def test_in_a_real_election_only_a_coordinator_vouches_for_the_list(tmp_path: Path) -> None:
    wp = _create(tmp_path / "new", realm="pemilu-2019", pin_cost=WEAK)
    people.add_person(wp, id="koor", name="Koor", roles=[Role.COORDINATE], pin=PIN)
    assert not people.is_list_unsigned(wp)
    people.add_person(wp, id="ani", name="Ani", roles=[Role.KEY], pin=PIN)
    assert people.is_list_unsigned(wp)
    people.sign_in(wp, "ani", PIN)
    assert people.is_list_unsigned(wp)
    people.sign_in(wp, "koor", PIN)
    assert not people.is_list_unsigned(wp)
    wp.close()


def test_no_secret_stands_in_the_database(desk: Desk) -> None:
    key_bytes = desk["ani"].private_key
    desk.wp.close()
    data = b"".join(path.read_bytes() for path in desk.wp.folder.glob("situng.db*"))
    assert key_bytes not in data
    assert key_bytes.hex().encode() not in data
    assert PIN.encode() not in data


def test_the_cost_of_a_pin_is_kept_with_it() -> None:
    assert PinCost.parse(PinCost(3, 1024).text()) == PinCost(3, 1024)


# ---- register --------------------------------------------------------------------------------------------------------


def test_stations_are_found_as_people_say_them(desk: Desk) -> None:
    for text in ("1 cileunyi kulon", "001", "TPS 1", f"{DESA}001"):
        assert [one.tps for one in register.find_stations(desk.wp, text)] == [key().tps], text
    assert len(register.find_stations(desk.wp, "")) == 4
    assert register.find_stations(desk.wp, 'xyz "') == []
    one = register.station(desk.wp, key().tps)
    assert one.label == "TPS 001 Cileunyi Kulon, Cileunyi"
    with pytest.raises(NotFound, match="tidak dikenal"):
        register.station(desk.wp, "3204052001999")
    with pytest.raises(NotFound, match="pemungutan ke-2"):
        register.key_for(desk.wp, key().tps, round=2)


def test_a_dpt_that_fits_another_station_says_which(desk: Desk) -> None:
    other = register.other_station_with_dpt(desk.wp, key(2).tps, 97, 101)
    assert other is not None
    assert other.tps == key(1).tps
    assert register.other_station_with_dpt(desk.wp, key(1).tps, 97, 101) is None
    assert register.other_station_with_dpt(desk.wp, key(1).tps, 5, 5) is None


def test_rounds_and_stations_are_added_on_the_day(desk: Desk) -> None:
    again = register.add_round(desk.wp, desk["koor"], key().tps)
    assert again.round == 2
    assert register.keys_of(desk.wp, key().tps) == [key(), again]
    new = register.add_station(desk.wp, desk["koor"], f"{DESA}050", 10, 11)
    assert new.dpt is not None
    assert new.dpt.j == 21
    assert register.key_for(desk.wp, new.tps).tps == new.tps
    for code, error in ((f"{DESA}050", BadInput), ("123", BadInput), ("3204059999001", NotFound)):
        with pytest.raises(error):
            register.add_station(desk.wp, desk["koor"], code)
    with pytest.raises(NotAllowed):
        register.add_round(desk.wp, desk["ani"], key().tps)
    assert len(register.areas(desk.wp)) == 4
    assert register.receive(desk.wp, desk["pindai"], [key(), key()]) == 1


# ---- secrets and settings --------------------------------------------------------------------------------------------


class _Backend(keyring.backend.KeyringBackend):
    """A keyring in memory that can be locked."""

    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]  # keyring types only a part of itself
        self.kept: dict[tuple[str, str], str] = {}
        self.is_locked = False

    def _check(self) -> None:
        if self.is_locked:
            raise keyring.errors.KeyringLocked("locked")

    def get_password(self, service: str, username: str) -> str | None:
        self._check()
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._check()
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._check()
        if (service, username) not in self.kept:
            raise keyring.errors.PasswordDeleteError("not there")
        del self.kept[service, username]


def test_the_keyring_is_used_and_its_lock_is_a_sentence() -> None:
    backend = _Backend()
    kept = from_backend(backend)
    assert isinstance(kept, KeyringSecrets)
    kept.put("a", "1")
    assert kept.get("a") == "1"
    kept.delete("a")
    kept.delete("a")
    assert kept.get("a") is None
    backend.is_locked = True
    for action in (lambda: kept.get("a"), lambda: kept.put("a", "1"), lambda: kept.delete("a")):
        with pytest.raises(Unavailable, match="tidak menjawab"):
            action()  # type: ignore[no-untyped-call]  # keyring types only a part of itself
    assert app_secrets.warning_of(kept) == ""


def test_plain_text_keyrings_and_none_at_all_mean_memory() -> None:
    class PlaintextKeyring(_Backend):
        __module__ = "keyrings.alt.file"

    kept = from_backend(PlaintextKeyring())
    assert isinstance(kept, MemorySecrets)
    assert "hanya diingat" in app_secrets.warning_of(kept)


def test_a_passphrase_keeps_secrets_between_processes(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "rahasia.bin"
    kept = PassphraseSecrets(path, "rahasia kantor", memory_kib=64)
    assert kept.get("a") is None
    kept.put("a", "kunci-1")
    kept.put("b", "kunci-2")
    kept.delete("b")
    kept.delete("b")
    assert b"kunci-1" not in path.read_bytes()
    assert PassphraseSecrets(path, "rahasia kantor", memory_kib=64).get("a") == "kunci-1"
    with pytest.raises(Unavailable, match="kata sandi"):
        PassphraseSecrets(path, "salah", memory_kib=64).get("a")
    for cut in (b"", b"SITUNGR1", path.read_bytes()[:20], path.read_bytes()[:-1]):
        path.write_bytes(cut)
        with pytest.raises(Unavailable, match="kata sandi"):
            PassphraseSecrets(path, "rahasia kantor", memory_kib=64).get("a")
    path.unlink()
    path.mkdir()
    with pytest.raises(Unavailable, match="tidak terbaca"):
        kept.get("a")


def test_what_is_chosen_for_which_realm(tmp_path: Path) -> None:
    assert isinstance(open_secrets(tmp_path, "latihan-uji", {}), PassphraseSecrets)
    given = open_secrets(tmp_path, "pemilu-2019", {app_secrets.PASSPHRASE_VARIABLE: "x"})
    assert isinstance(given, PassphraseSecrets)
    assert isinstance(open_secrets(tmp_path, "pemilu-2019", {}), MemorySecrets), "tests have no keyring"


def test_settings_come_from_the_environment(tmp_path: Path) -> None:
    read = settings.from_environment(
        {"SITUNG_DATA": str(tmp_path), "SITUNG_LANGUAGE": "xx", "SITUNG_PIN": PIN}
    )
    assert (read.data, read.language, read.pin) == (tmp_path, "id", PIN)
    assert PIN not in repr(read)
    assert settings.from_environment({"SITUNG_LANGUAGE": "en"}).language == "en"
    assert settings.APP_NAME in str(settings.from_environment({}).data)
