"""`kakehashi certificate`: the signature of a certificate, checked where no server is reached."""

from click.testing import CliRunner

from kakehashi.procedures.services.certificates import signed_words, verifier_keys
from kakehashi.procedures.tests.test_certificates import a_certificate
from kakehashi.site.cli.certificate import command


def test_the_command_checks_it_too(town, tmp_path):
    certificate = a_certificate(town)
    note, (key, _) = tmp_path / "note.txt", verifier_keys(town.government)[0]
    note.write_text(signed_words(certificate), encoding="utf-8")
    good = CliRunner().invoke(command, [str(note), "--key", str(key)])
    assert (good.exit_code, certificate.title in good.output) == (0, True)
    note.write_text(signed_words(certificate).replace("在住", "納税"), encoding="utf-8")
    assert CliRunner().invoke(command, [str(note), "--key", str(key)]).exit_code == 1
