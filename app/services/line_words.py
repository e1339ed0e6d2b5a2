"""What each state of the line to the centre is called, in the reports and on the projector. Thread: any."""

from __future__ import annotations

LINE_WORDS = {
    "ok": "Terhubung ke KPU RI",
    "starting": "Menghubungi KPU RI",
    "no_server": "Belum terhubung ke server KPU RI",
    "closed": "Pengiriman tidak berjalan: program ditutup",
    "slow": "KPU RI lambat",
    "paused_here": "Dijeda di PC ini",
    "paused_there": "KPU RI menghentikan penerimaan",
    "down": "KPU RI tidak menjawab",
    "portal": "Jaringan kantor meminta masuk dulu",
    "wrong_key": "Yang menjawab bukan server KPU RI",
    "sign_in": "PC ini tidak dikenal KPU RI",
    "proxy": "Proxy kantor menahan",
    "forked": "Catatan PC ini bercabang",
    "revoked": "Pendaftaran PC ini dicabut",
    "full": "Penyimpanan KPU RI penuh",
    "here": "Gangguan pada PC ini",
}
