"""Facts about a page's quality: ink, sharpness, tone; and the warnings drawn from them.

Invariant: a fact never decides that a page is dropped. A blank page is set aside, visibly; a blurred one is marked.
Pure functions on grey images; `SharpnessMemory` belongs to one intake and its thread.
"""

from __future__ import annotations

from collections import deque
from statistics import median

from PIL import Image, ImageChops, ImageFilter, ImageStat

BLANK_INK = 0.0016  # a signature alone has 0.0010, strong bleed-through 0.010: a person looks at both
INK_DEPTH = 60  # grey levels below the surroundings
SHARP_WIDTH = 1240  # sharpness is compared at 150 dpi, whatever the scan's resolution
SOFT_ABSOLUTE = 90.0
SOFT_SHARE = 0.4  # of this source's own recent median
MEMORY = 30

WARNINGS = {
    "blank_page": "Halaman tampak kosong; disisihkan, tidak dibuang. Periksa sisi sebaliknya.",
    "blurred": "Gambar kurang tajam. Bila angka sulit dibaca, pindai ulang.",
    "skewed": "Lembar sangat miring. Bila ada tepi yang terpotong, pindai ulang.",
    "low_resolution": "Resolusi di bawah 150 dpi. Pindai ulang dengan 200 atau 300 dpi.",
    "dark_page": "Halaman terlalu gelap. Bersihkan kaca pemindai atau kurangi kegelapan.",
    "layout_unknown": "Tata letak halaman tidak dikenali; potongan isian mungkin tidak tepat, lihat seluruh halaman.",
    "wrong_page": "Tata letaknya bukan halaman yang diharapkan. Periksa apakah lembar ini salah tempat.",
    "page_order": "Urutan lembar tidak seperti biasanya; nomor halaman diambil dari tata letaknya.",
    "page_twice": "Halaman dengan nomor ini sudah ada dalam set ini. Pilih mana yang benar.",
    "extra_page": "Set ini sudah lengkap; halaman ini berlebih dan menunggu di kotak masuk.",
}


def ink_share(page: Image.Image) -> float:
    """Share of the page clearly darker than its surroundings, 0..1; the outer 3 % (edges, lid) do not count."""
    small = page.resize(
        (max(8, page.width // 8), max(8, page.height // 8)), Image.Resampling.BOX, reducing_gap=2.0
    )
    edge_x, edge_y = small.width * 3 // 100 + 1, small.height * 3 // 100 + 1
    small = small.crop((edge_x, edge_y, small.width - edge_x, small.height - edge_y))
    around = small.filter(ImageFilter.BoxBlur(12))
    depth = ImageChops.subtract(around, small)
    return sum(depth.histogram()[INK_DEPTH // 2 :]) / (small.width * small.height)


def sharpness(page: Image.Image) -> float:
    """Variance of the Laplacian at about 150 dpi; larger is sharper. Compare like pages only."""
    if page.width > SHARP_WIDTH:
        height = round(page.height * SHARP_WIDTH / page.width)
        page = page.resize((SHARP_WIDTH, height), Image.Resampling.BOX, reducing_gap=2.0)
    edges = page.filter(ImageFilter.Kernel((3, 3), (0, 1, 0, 1, -4, 1, 0, 1, 0), scale=2, offset=128))
    return float(ImageStat.Stat(edges).var[0])


def paper_level(page: Image.Image) -> int:
    """The grey value of the paper: the most frequent level of the brighter half of the page."""
    histogram = page.resize(
        (page.width // 4 + 1, page.height // 4 + 1), Image.Resampling.BOX, reducing_gap=2.0
    ).histogram()
    total, seen, middle = sum(histogram), 0, 0
    for level, count in enumerate(histogram):
        seen += count
        if seen * 2 >= total:
            middle = level
            break
    return max(range(middle, 256), key=lambda level: histogram[level])


def whitened(page: Image.Image, paper: int) -> Image.Image:
    """Paper to nearly white, ink as dark as it was: compresses better, and faint pencil stays."""
    if not 100 <= paper < 250:
        return page
    factor = 250 / (paper - 4)
    return page.point([min(255, round(value * factor)) for value in range(256)])


class SharpnessMemory:
    """The recent sharpness of one source: what is soft for this scanner may be normal for another."""

    def __init__(self) -> None:
        self._recent: deque[float] = deque(maxlen=MEMORY)

    def is_soft(self, value: float) -> bool:
        """True when `value` is far below the recent median (or below any useful level); remembers it otherwise."""
        usual = median(self._recent) if len(self._recent) >= 5 else 0.0
        soft = value < SOFT_ABSOLUTE or value < usual * SOFT_SHARE
        if not soft:
            self._recent.append(value)
        return soft
