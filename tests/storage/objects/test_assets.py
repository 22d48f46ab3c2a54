"""Images of pages on a disk: damaged ones are written anew."""

from pathlib import Path

from isotherm.storage.objects.assets import AssetBodies


def test_a_damaged_image_is_gone_until_it_is_kept_again(tmp_path: Path) -> None:
    images = AssetBodies(str(tmp_path))
    name = images.put(b"an image")
    [file] = [path for path in tmp_path.rglob("*") if path.is_file()]
    file.write_bytes(b"")
    assert images.get(name) is None
    assert images.put(b"an image") == name
    assert images.get(name) == b"an image"
