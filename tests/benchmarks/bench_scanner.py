"""Figures of the scanner beside their targets: `python -m tests.benchmarks.bench_scanner [PAGES]`.

Pages are drawn first (not timed), then processed one after another in one process, as one worker does.
"""

from __future__ import annotations

import sys
import time
from random import Random
from statistics import mean

from PIL import Image

from app.domain.form import FormDefinition
from scanner.affine import turn_about_centre
from scanner.cover_sheets import CoverStation, draw_cover
from scanner.decode import decode_grey
from scanner.identify import read_code
from scanner.layout import Layout, best_match
from scanner.pipeline import Processed, process
from scanner.practice_forms import practice_page, written_page
from scanner.skew import skew_degrees
from scanner.wear import LID, Wear, worn
from tests.unit.scanner.sheets import HEADER, encoded, key_of, layouts, numbers, ppwp


def line(what: str, figure: str, target: str, ok: bool) -> None:
    print(f"{what:<46} {figure:>16}   target {target:<14} {'ok' if ok else 'MISSED'}")


def draw(form: FormDefinition, count: int) -> list[bytes]:
    started = time.perf_counter()
    pages = [
        practice_page(form, 1 + n % 2, key_of(n // 2 + 1), HEADER, numbers(n), n, dpi=200)
        for n in range(count)
    ]
    each = (time.perf_counter() - started) / count
    line("draw a practice page, 200 dpi", f"{each:.3f} s", "< 0.35 s", each < 0.35)
    return pages


def pipeline(pages: list[bytes], dpi: str) -> list[Processed]:
    started = time.process_time()
    done = [process(one, layouts()) for one in pages]
    rate = len(pages) / (time.process_time() - started)
    size = mean(len(one.upload) for one in done) / 1024
    largest = max(len(one.upload) for one in done) / 1024
    line(f"pipeline, {dpi}, Pillow alone", f"{rate:.2f} pages/s", ">= 2.5 a core", rate >= 2.5)
    line("upload copy, mean", f"{size:.0f} KiB", "150-300 KiB", 150 <= size <= 300)
    line("upload copy, largest", f"{largest:.0f} KiB", "<= 500 KiB", largest <= 500)
    found = sum(one.form != "" and one.page == 1 + n % 2 for n, one in enumerate(done))
    line("form and page recognised", f"{found} of {len(done)}", "all", found == len(done))
    low = min(float(one.quality["layout_score"]) for one in done)
    line("lowest score of a right page", f"{low:.2f}", ">= 0.55", low >= 0.55)
    return done


def wrong_layouts(pages: list[bytes]) -> None:
    """The best score a page gets against the other page's layout."""
    worst = 0.0
    for n, data in enumerate(pages[:12]):
        others = [one for one in layouts() if one.page != 1 + n % 2]
        worst = max(worst, float(process(data, others).quality["layout_score"]))
    line("highest score of a wrong page", f"{worst:.2f}", "< 0.55", worst < 0.55)


def skew(form: FormDefinition, count: int) -> None:
    random, errors = Random(20190417), []
    for n in range(count):
        dpi = (150, 200, 300)[n % 3]
        page = written_page(form, 1 + n % 2, key_of(n + 1), HEADER, numbers(n), n, dpi=dpi)
        degrees = random.uniform(-2, 2)
        turned = page.transform(
            page.size,
            Image.Transform.AFFINE,
            turn_about_centre(page.size, degrees, 3, 5),
            Image.Resampling.BICUBIC,
            fillcolor=LID,
        )
        turned = worn(turned, None, random, dpi, Wear(skew_degrees=0, shift_mm=0))
        errors.append(abs(skew_degrees(turned) - degrees))
    line("skew residual, mean", f"{mean(errors):.4f} degree", "about 0.01", mean(errors) < 0.02)
    line("skew residual, largest", f"{max(errors):.4f} degree", "< 0.1", max(errors) < 0.1)


def codes(form: FormDefinition, count: int) -> None:
    random, read, spent = Random(1), 0, 0.0
    for n in range(count):
        station = CoverStation(key_of(n % 900 + 1).tps, "Cileunyi Kulon", "Cileunyi")
        sheet = worn(
            draw_cover(station, form, 200), None, random, 200, Wear(skew_degrees=5, noise=8, blur_px=1.0)
        )
        grey, _ = decode_grey(encoded(sheet, "JPEG", quality=60))
        started = time.process_time()
        code = read_code(grey)
        spent += time.process_time() - started
        read += code is not None and code.tps == station.tps
    line("cover sheets read, 200 dpi, worn", f"{read / count:.1%}", ">= 99.5 %", read / count >= 0.995)
    line("reading a code", f"{spent / count * 1000:.1f} ms", "2-17 ms", spent / count < 0.03)


def match_time(done: list[Processed], all_layouts: tuple[Layout, ...]) -> None:
    grid = decode_grey(done[0].upload)[0].resize((420, 594), Image.Resampling.BOX)
    started = time.process_time()
    for _ in range(10):
        best_match(grid, all_layouts)
    each = (time.process_time() - started) / 10
    line("recognise and register", f"{each * 1000:.0f} ms", "< 176 ms", each < 0.176)


def main(count: int) -> None:
    form = ppwp()
    pages = draw(form, count)
    done = pipeline(pages, "200 dpi")
    large = [
        practice_page(form, 1 + n % 2, key_of(n + 1), HEADER, numbers(n), n, dpi=300)
        for n in range(count // 2)
    ]
    pipeline(large, "300 dpi")
    wrong_layouts(pages)
    match_time(done, layouts())
    skew(form, count)
    codes(form, count * 2)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
