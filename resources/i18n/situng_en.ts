<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en" sourcelanguage="id">
  <context>
    <name>AbsentRow</name>
    <message>
      <source>Belum ada (F7)</source>
      <translation>Not come (F7)</translation>
    </message>
    <message>
      <source>Halaman %1 belum ada</source>
      <translation>Page %1 has not come</translation>
    </message>
    <message>
      <source>▲ Halaman %1 belum dipindai. Bila kertasnya ada, teruskan.</source>
      <translation>▲ Page %1 is not scanned yet. If the paper is here, go on.</translation>
    </message>
  </context>
  <context>
    <name>AreaBrowser</name>
    <message>
      <source>%1 formulir</source>
      <translation>%1 forms</translation>
    </message>
    <message>
      <source>Daftar TPS</source>
      <translation>List of TPS</translation>
    </message>
    <message>
      <source>Desa/kelurahan</source>
      <translation>Desa/kelurahan</translation>
    </message>
    <message>
      <source>Di KPU RI</source>
      <translation>At KPU RI</translation>
    </message>
    <message>
      <source>Dientri</source>
      <translation>Keyed</translation>
    </message>
    <message>
      <source>Dipublikasikan</source>
      <translation>Public</translation>
    </message>
    <message>
      <source>Diterima</source>
      <translation>Received</translation>
    </message>
    <message>
      <source>Entri kedua</source>
      <translation>Second reading</translation>
    </message>
    <message>
      <source>Halaman</source>
      <translation>Page</translation>
    </message>
    <message>
      <source>Hapus saringan dengan Esc, atau naik satu tingkat dengan Backspace.</source>
      <translation>Clear the filter with Esc, or go up one level with Backspace.</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Kecamatan</source>
      <translation>Kecamatan</translation>
    </message>
    <message>
      <source>Kecamatan dan desa</source>
      <translation>Kecamatan and desa</translation>
    </message>
    <message>
      <source>Saring TPS</source>
      <translation>Filter TPS</translation>
    </message>
    <message>
      <source>Selisih</source>
      <translation>Gap</translation>
    </message>
    <message>
      <source>Sudah dientri, belum dipublikasikan</source>
      <translation>Keyed, not public yet</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Terhenti karena</source>
      <translation>Held up by</translation>
    </message>
    <message>
      <source>Tidak ada TPS yang cocok</source>
      <translation>No TPS matches</translation>
    </message>
    <message>
      <source>Wilayah</source>
      <translation>Area</translation>
    </message>
    <message>
      <source>saring TPS: nomor, desa  (Ctrl+F)</source>
      <translation>filter TPS: number, desa  (Ctrl+F)</translation>
    </message>
  </context>
  <context>
    <name>BoxStream</name>
    <message>
      <source>%1 · kotak %2 dari %3 · %4 formulir menunggu</source>
      <translation>%1 · box %2 of %3 · %4 forms waiting</translation>
    </message>
    <message>
      <source>Belum ada yang membaca angka itu. Lihat kertas lagi, lalu ketik sekali lagi.</source>
      <translation>Nobody has read that number yet. Look at the paper again, then type it once more.</translation>
    </message>
    <message>
      <source>Dua bacaan berbeda di kotak ini. Ketik yang tertulis di kertas.</source>
      <translation>Two readings differ in this box. Type what stands on the paper.</translation>
    </message>
    <message>
      <source>Enter: kotak berikutnya.</source>
      <translation>Enter: next box.</translation>
    </message>
    <message>
      <source>Keputusan Anda: %1. Tersimpan.</source>
      <translation>Your decision: %1. Saved.</translation>
    </message>
    <message>
      <source>Kotak demi kotak</source>
      <translation>Box by box</translation>
    </message>
    <message>
      <source>Selesai. Tidak ada lagi kotak berbeda yang menunggu Anda.</source>
      <translation>Done. No differing boxes are waiting for you any more.</translation>
    </message>
    <message>
      <source>Tiga bacaan berbeda. Tentukan dari kertas; bacaan mereka ditampilkan sesudahnya.</source>
      <translation>Three readings differ. Decide from the paper; what they read is shown afterwards.</translation>
    </message>
    <message>
      <source>berbeda</source>
      <translation>other</translation>
    </message>
    <message>
      <source>berhenti</source>
      <translation>stop</translation>
    </message>
    <message>
      <source>berikutnya</source>
      <translation>next</translation>
    </message>
    <message>
      <source>entri kedua</source>
      <translation>second entry</translation>
    </message>
    <message>
      <source>entri pertama</source>
      <translation>first entry</translation>
    </message>
    <message>
      <source>halaman</source>
      <translation>page</translation>
    </message>
    <message>
      <source>kosong</source>
      <translation>blank</translation>
    </message>
    <message>
      <source>pembaca ketiga</source>
      <translation>third reader</translation>
    </message>
    <message>
      <source>sama</source>
      <translation>same</translation>
    </message>
    <message>
      <source>tak terbaca</source>
      <translation>unreadable</translation>
    </message>
  </context>
  <context>
    <name>BundleDialog</name>
    <message>
      <source>%1 kiriman, ± %2. Tempat kosong: %3. Semua tetap antre sampai ada tanda terima.</source>
      <translation>%1 items, ± %2. Free space: %3. Everything stays queued until there is a receipt.</translation>
    </message>
    <message>
      <source>Ambil jawaban KPU RI, atau teruskan bundel PC lain</source>
      <translation>Take KPU RI's answer in, or forward another PC's bundle</translation>
    </message>
    <message>
      <source>Ambil jawaban ini</source>
      <translation>Take this answer in</translation>
    </message>
    <message>
      <source>Bawa ke KPU RI</source>
      <translation>Carry to KPU RI</translation>
    </message>
    <message>
      <source>Bundel USB</source>
      <translation>USB bundle</translation>
    </message>
    <message>
      <source>Diterima KPU RI. Bawa %1 kembali ke PC asalnya.</source>
      <translation>KPU RI has it. Carry %1 back to the PC it came from.</translation>
    </message>
    <message>
      <source>Folder USB</source>
      <translation>USB folder</translation>
    </message>
    <message>
      <source>Folder ini tidak dapat dibuka. Pilih USB yang terpasang.</source>
      <translation>This folder cannot be opened. Choose a USB stick that is plugged in.</translation>
    </message>
    <message>
      <source>Kemajuan</source>
      <translation>Progress</translation>
    </message>
    <message>
      <source>Memeriksa %1…</source>
      <translation>Checking %1…</translation>
    </message>
    <message>
      <source>Mengambil jawaban…</source>
      <translation>Taking the answer in…</translation>
    </message>
    <message>
      <source>Mengirim ke KPU RI…</source>
      <translation>Sending to KPU RI…</translation>
    </message>
    <message>
      <source>Menulis… jangan cabut USB.</source>
      <translation>Writing… do not unplug the USB.</translation>
    </message>
    <message>
      <source>Menulis… ± %1 lagi. Jangan cabut USB.</source>
      <translation>Writing… ± %1 left. Do not unplug the USB.</translation>
    </message>
    <message>
      <source>Pilih USB</source>
      <translation>Choose USB</translation>
    </message>
    <message>
      <source>Pilih USB…</source>
      <translation>Choose USB…</translation>
    </message>
    <message>
      <source>Pilih berkas</source>
      <translation>Choose file</translation>
    </message>
    <message>
      <source>Pilih berkas; isinya diperiksa lebih dahulu.</source>
      <translation>Choose a file; it is checked first.</translation>
    </message>
    <message>
      <source>Pilih berkas…</source>
      <translation>Choose file…</translation>
    </message>
    <message>
      <source>Selesai: %1. USB boleh dicabut.</source>
      <translation>Done: %1. The USB may be unplugged.</translation>
    </message>
    <message>
      <source>Teruskan ke KPU RI</source>
      <translation>Forward to KPU RI</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu untuk dibawa.</source>
      <translation>Nothing waits to be carried.</translation>
    </message>
    <message>
      <source>Tulis bundel</source>
      <translation>Write bundle</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>dengan gambar</source>
      <translation>with images</translation>
    </message>
  </context>
  <context>
    <name>Buttons</name>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
  </context>
  <context>
    <name>ChoiceDialog</name>
    <message>
      <source>Dibaca oleh</source>
      <translation>Read by</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Pilihan formulir</source>
      <translation>Choice for a form</translation>
    </message>
    <message>
      <source>Simpan</source>
      <translation>Save</translation>
    </message>
    <message>
      <source>Yang dientri</source>
      <translation>What is keyed</translation>
    </message>
  </context>
  <context>
    <name>CorrectionDialog</name>
    <message>
      <source>&amp;Sebab</source>
      <translation>&amp;Cause</translation>
    </message>
    <message>
      <source>Angka baru menimbulkan temuan: terima dengan 1-4. F10 sekali lagi: verifikator yang menilainya.</source>
      <translation>The new numbers bring findings: accept them with 1-4. F10 once more: the verifier judges them.</translation>
    </message>
    <message>
      <source>Angka yang benar</source>
      <translation>The right number</translation>
    </message>
    <message>
      <source>Catatan</source>
      <translation>Note</translation>
    </message>
    <message>
      <source>Catatan, misalnya: 7 terbaca 1</source>
      <translation>Note, for example: 7 was read as 1</translation>
    </message>
    <message>
      <source>Di sini</source>
      <translation>Here</translation>
    </message>
    <message>
      <source>Di sini: %1 (versi %2).</source>
      <translation>Here: %1 (version %2).</translation>
    </message>
    <message>
      <source>Isian</source>
      <translation>Field</translation>
    </message>
    <message>
      <source>KPU RI</source>
      <translation>KPU RI</translation>
    </message>
    <message>
      <source>KPU RI dan situs publik: angka lama tetap sampai orang kedua membacanya dan verifikator setuju.</source>
      <translation>KPU RI and the public site: the old numbers stay until a second person has read it and the verifier agrees.</translation>
    </message>
    <message>
      <source>KPU RI memegang angka lain. Bila kertas sama dengan angka di sini, simpan tanpa mengubah: angka di sini dikirim sebagai koreksi.</source>
      <translation>KPU RI holds other numbers. If the paper says what stands here, save without a change: the numbers here are sent as a correction.</translation>
    </message>
    <message>
      <source>KPU RI sesuai dengan C1</source>
      <translation>KPU RI has what the C1 says</translation>
    </message>
    <message>
      <source>Ketik hanya kotak yang salah. Kotak lain tidak diketik ulang.</source>
      <translation>Type the wrong boxes only. No other box is keyed again.</translation>
    </message>
    <message>
      <source>Kode</source>
      <translation>Code</translation>
    </message>
    <message>
      <source>Koreksi</source>
      <translation>Correction</translation>
    </message>
    <message>
      <source>Koreksi tersimpan. Menunggu dibaca orang kedua.</source>
      <translation>Correction saved. It waits for the second reader.</translation>
    </message>
    <message>
      <source>Koreksi · %1 · %2 · %3</source>
      <translation>Correction · %1 · %2 · %3</translation>
    </message>
    <message>
      <source>Kotak formulir ini</source>
      <translation>Boxes of this form</translation>
    </message>
    <message>
      <source>Lembar salah dipindai</source>
      <translation>Wrong sheet scanned</translation>
    </message>
    <message>
      <source>Menjadi</source>
      <translation>Becomes</translation>
    </message>
    <message>
      <source>Paling besar %1.</source>
      <translation>At most %1.</translation>
    </message>
    <message>
      <source>Pembaca yang dulu hanya membaca kotak ini; orang lain membaca seluruhnya.</source>
      <translation>Earlier readers read these boxes only; anybody else reads the whole form.</translation>
    </message>
    <message>
      <source>Salah baca tulisan</source>
      <translation>Handwriting misread</translation>
    </message>
    <message>
      <source>Salah ketik atau baris</source>
      <translation>Typed wrong or in the wrong line</translation>
    </message>
    <message>
      <source>Sebab</source>
      <translation>Cause</translation>
    </message>
    <message>
      <source>Sebab lain (catatan)</source>
      <translation>Other cause (note)</translation>
    </message>
    <message>
      <source>Sebabnya belum ditulis.</source>
      <translation>The cause is not written yet.</translation>
    </message>
    <message>
      <source>Simpan koreksi  F10</source>
      <translation>Save correction  F10</translation>
    </message>
    <message>
      <source>ambil angka</source>
      <translation>take the number</translation>
    </message>
    <message>
      <source>kotak</source>
      <translation>box</translation>
    </message>
    <message>
      <source>seluruh halaman</source>
      <translation>whole page</translation>
    </message>
    <message>
      <source>simpan</source>
      <translation>save</translation>
    </message>
    <message>
      <source>temuan</source>
      <translation>findings</translation>
    </message>
    <message>
      <source>tutup</source>
      <translation>close</translation>
    </message>
  </context>
  <context>
    <name>CoverDialog</name>
    <message>
      <source>Buat PDF</source>
      <translation>Make the PDF</translation>
    </message>
    <message>
      <source>Cari desa/kelurahan</source>
      <translation>Find desa/kelurahan</translation>
    </message>
    <message>
      <source>Desa/kelurahan: cileunyi kulon, atau kodenya</source>
      <translation>Desa/kelurahan: cileunyi kulon, or its code</translation>
    </message>
    <message>
      <source>Lembar sampul</source>
      <translation>Cover sheets</translation>
    </message>
    <message>
      <source>Membuat PDF…</source>
      <translation>Making the PDF…</translation>
    </message>
    <message>
      <source>Pilih desa/kelurahan dulu.</source>
      <translation>Choose a desa/kelurahan first.</translation>
    </message>
    <message>
      <source>Pilihan desa/kelurahan</source>
      <translation>Desa/kelurahan found</translation>
    </message>
    <message>
      <source>Pilih…</source>
      <translation>Choose…</translation>
    </message>
    <message>
      <source>Satu lembar berkode untuk setiap TPS: letakkan di atas formulirnya sebelum dipindai, dan halamannya dikenali sendiri.</source>
      <translation>One coded sheet for each TPS: put it on top of its form before scanning, and the pages are identified by themselves.</translation>
    </message>
    <message>
      <source>Simpan lembar sampul</source>
      <translation>Save cover sheets</translation>
    </message>
    <message>
      <source>Simpan sebagai</source>
      <translation>Save as</translation>
    </message>
    <message>
      <source>Tidak ada desa/kelurahan seperti itu di kabupaten/kota ini.</source>
      <translation>There is no such desa/kelurahan in this district.</translation>
    </message>
    <message>
      <source>Tulis nama berkasnya dulu.</source>
      <translation>Write the file's name first.</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>lembar-sampul-%1.pdf</source>
      <translation>cover-sheets-%1.pdf</translation>
    </message>
  </context>
  <context>
    <name>EntryHead</name>
    <message>
      <source>BELUM tersimpan</source>
      <translation>NOT saved yet</translation>
    </message>
    <message>
      <source>F7: halaman lain belum ada</source>
      <translation>F7: other pages have not come</translation>
    </message>
    <message>
      <source>Lanjutan</source>
      <translation>Continued</translation>
    </message>
    <message>
      <source>berikutnya</source>
      <translation>next</translation>
    </message>
    <message>
      <source>daftar berikutnya</source>
      <translation>next list</translation>
    </message>
    <message>
      <source>halaman %1 dari %2</source>
      <translation>page %1 of %2</translation>
    </message>
    <message>
      <source>jeda</source>
      <translation>pause</translation>
    </message>
    <message>
      <source>kembali</source>
      <translation>back</translation>
    </message>
    <message>
      <source>kosong</source>
      <translation>blank</translation>
    </message>
    <message>
      <source>kotak %1 dari %2</source>
      <translation>box %1 of %2</translation>
    </message>
    <message>
      <source>sebelumnya</source>
      <translation>previous</translation>
    </message>
    <message>
      <source>seluruh halaman</source>
      <translation>whole page</translation>
    </message>
    <message>
      <source>sisa daftar kosong</source>
      <translation>rest of list blank</translation>
    </message>
    <message>
      <source>tersimpan otomatis</source>
      <translation>saved by itself</translation>
    </message>
    <message>
      <source>tidak terbaca</source>
      <translation>unreadable</translation>
    </message>
  </context>
  <context>
    <name>EntryView</name>
    <message>
      <source>1-4 menerima. Enter: ke kotaknya. ↑↓: temuan lain. ?: aturannya.</source>
      <translation>1-4 accept. Enter: to its box. ↑↓: another finding. ?: its rule.</translation>
    </message>
    <message>
      <source>Di sini terbuka %1 %2, bukan TPS %3. Salah berkas? Periksa kertas; ketik ulang atau Esc (jeda).</source>
      <translation>%1 %2 is open here, not TPS %3. Wrong paper? Check it; type again or Esc (pause).</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Ketik nomor TPS yang tertulis di kertas, misalnya 001, lalu Enter.</source>
      <translation>Type the TPS number written on the paper, for instance 001, then Enter.</translation>
    </message>
    <message>
      <source>Perbaiki angkanya bila salah ketik, lalu Enter.</source>
      <translation>Mend the number if it was mistyped, then Enter.</translation>
    </message>
    <message>
      <source>Semua temuan diterima. Enter: selesai. Backspace: ke kotaknya.</source>
      <translation>All findings accepted. Enter: finish. Backspace: to its box.</translation>
    </message>
  </context>
  <context>
    <name>FindingsPanel</name>
    <message>
      <source>Alasan lain, lalu Enter</source>
      <translation>Another reason, then Enter</translation>
    </message>
    <message>
      <source>Catatan alasan</source>
      <translation>Note on the reason</translation>
    </message>
    <message>
      <source>Diterima: %1</source>
      <translation>Accepted: %1</translation>
    </message>
    <message>
      <source>Lainnya…</source>
      <translation>Other…</translation>
    </message>
    <message>
      <source>Penjelasan aturan</source>
      <translation>About this rule</translation>
    </message>
    <message>
      <source>Pindaian buruk</source>
      <translation>Poor scan</translation>
    </message>
    <message>
      <source>Sekadar catatan.</source>
      <translation>A note only.</translation>
    </message>
    <message>
      <source>Temuan</source>
      <translation>Findings</translation>
    </message>
    <message>
      <source>Temuan %1 dari %2.</source>
      <translation>Finding %1 of %2.</translation>
    </message>
    <message>
      <source>Temuan baru muncul: ketikan tadi tidak dihitung. Lihat dulu, lalu tekan lagi.</source>
      <translation>The findings have just appeared: that key did not count. Look first, then press again.</translation>
    </message>
    <message>
      <source>Tertulis demikian</source>
      <translation>Written so</translation>
    </message>
    <message>
      <source>Tidak terbaca</source>
      <translation>Unreadable</translation>
    </message>
    <message>
      <source>Untuk mengubah angkanya, tekan Enter dulu.</source>
      <translation>To change the number, press Enter first.</translation>
    </message>
  </context>
  <context>
    <name>FirstRun</name>
    <message>
      <source>%1 ditambahkan.</source>
      <translation>%1 added.</translation>
    </message>
    <message>
      <source>%1: %2 TPS.</source>
      <translation>%1: %2 TPS.</translation>
    </message>
    <message>
      <source>Buat tempat kerja</source>
      <translation>Make the workplace</translation>
    </message>
    <message>
      <source>Coba latihan</source>
      <translation>Try practice</translation>
    </message>
    <message>
      <source>Daftar TPS</source>
      <translation>List of TPS</translation>
    </message>
    <message>
      <source>Di mana Anda bekerja?</source>
      <translation>Where do you work?</translation>
    </message>
    <message>
      <source>Dua orang berbeda diperlukan untuk entri pertama dan entri kedua. Dapat ditambah nanti.</source>
      <translation>First and second reading need two different people. More can be added later.</translation>
    </message>
    <message>
      <source>Formulir mana yang dibaca di sini?</source>
      <translation>Which forms are read here?</translation>
    </message>
    <message>
      <source>Ingin mencoba dulu? Latihan memakai data buatan dan tidak dapat tercampur.</source>
      <translation>Want to try first? Practice uses made-up data and can never be mixed in.</translation>
    </message>
    <message>
      <source>Kabupaten/kota</source>
      <translation>District</translation>
    </message>
    <message>
      <source>Kembali</source>
      <translation>Back</translation>
    </message>
    <message>
      <source>Koordinator mengatur orang dan akun. Tempat kerja dibuat setelah langkah ini.</source>
      <translation>The coordinator looks after people and accounts. The workplace is made after this step.</translation>
    </message>
    <message>
      <source>Lanjut</source>
      <translation>Next</translation>
    </message>
    <message>
      <source>Mulai bekerja</source>
      <translation>Start working</translation>
    </message>
    <message>
      <source>Orang yang sudah ditambahkan</source>
      <translation>People added so far</translation>
    </message>
    <message>
      <source>PPWP dahulu; yang lain dapat ditambahkan nanti di Pengaturan, juga profil dan pembacanya.</source>
      <translation>PPWP first; others can be added later in Settings, profiles and readers too.</translation>
    </message>
    <message>
      <source>Pakai daftar TPS sendiri (CSV)…</source>
      <translation>Use our own list of TPS (CSV)…</translation>
    </message>
    <message>
      <source>Pilih paling sedikit satu formulir.</source>
      <translation>Choose at least one form.</translation>
    </message>
    <message>
      <source>Server KPU RI belum diperlukan; akun dapat ditambahkan nanti di Pengaturan.</source>
      <translation>KPU RI's server is not needed yet; the account can be added later in Settings.</translation>
    </message>
    <message>
      <source>Siapa koordinatornya?</source>
      <translation>Who is the coordinator?</translation>
    </message>
    <message>
      <source>Siapa saja yang bekerja di sini?</source>
      <translation>Who works here?</translation>
    </message>
    <message>
      <source>Situng Luring · langkah %1 dari %2</source>
      <translation>Situng Luring · step %1 of %2</translation>
    </message>
    <message>
      <source>Tambahkan orang ini</source>
      <translation>Add this person</translation>
    </message>
    <message>
      <source>Tempat kerja sedang dibuat…</source>
      <translation>Making the workplace…</translation>
    </message>
  </context>
  <context>
    <name>FormCard</name>
    <message>
      <source> · pemungutan ke-%1</source>
      <translation> · vote no. %1</translation>
    </message>
    <message>
      <source>%1 dikirim sekarang, mendahului yang lain.</source>
      <translation>%1 is sent now, before the others.</translation>
    </message>
    <message>
      <source>&amp;Kirim TPS ini sekarang</source>
      <translation>&amp;Send this TPS now</translation>
    </message>
    <message>
      <source>&amp;Lanjutkan</source>
      <translation>&amp;Go on</translation>
    </message>
    <message>
      <source>&amp;Lanjutkan di %1</source>
      <translation>&amp;Go on in %1</translation>
    </message>
    <message>
      <source>&amp;Slip…</source>
      <translation>&amp;Slip…</translation>
    </message>
    <message>
      <source>Coba lagi: %1.</source>
      <translation>Next try: %1.</translation>
    </message>
    <message>
      <source>Delapan fakta</source>
      <translation>Eight facts</translation>
    </message>
    <message>
      <source>Kec.</source>
      <translation>Kec.</translation>
    </message>
    <message>
      <source>Kertas sudah &amp;diterima</source>
      <translation>Paper has a&amp;rrived</translation>
    </message>
    <message>
      <source>Per&amp;baiki</source>
      <translation>&amp;Mend</translation>
    </message>
    <message>
      <source>Perlu tindakan.</source>
      <translation>Action needed.</translation>
    </message>
    <message>
      <source>Riwayat</source>
      <translation>History</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>angka pada baris itu</source>
      <translation>numbers of that line</translation>
    </message>
    <message>
      <source>belum</source>
      <translation>not yet</translation>
    </message>
    <message>
      <source>sejak %1</source>
      <translation>since %1</translation>
    </message>
    <message>
      <source>semua</source>
      <translation>all</translation>
    </message>
  </context>
  <context>
    <name>FormHistory</name>
    <message>
      <source>Angkanya tidak ditampilkan: formulir ini masih dibaca tanpa melihat bacaan orang lain.</source>
      <translation>Its numbers are not shown: this form is still being read without seeing what others read.</translation>
    </message>
    <message>
      <source>Apa</source>
      <translation>What</translation>
    </message>
    <message>
      <source>Belum ada yang terjadi pada formulir ini.</source>
      <translation>Nothing has happened to this form yet.</translation>
    </message>
    <message>
      <source>Riwayat</source>
      <translation>History</translation>
    </message>
    <message>
      <source>Siapa</source>
      <translation>Who</translation>
    </message>
    <message>
      <source>Waktu</source>
      <translation>Time</translation>
    </message>
  </context>
  <context>
    <name>FormViewer</name>
    <message>
      <source>&amp;Buka berkas…</source>
      <translation>&amp;Open file…</translation>
    </message>
    <message>
      <source>&amp;Kesalahan</source>
      <translation>&amp;Faults</translation>
    </message>
    <message>
      <source>&amp;Pemeriksaan</source>
      <translation>&amp;Checks</translation>
    </message>
    <message>
      <source>&amp;Pemeriksaan (%1)</source>
      <translation>&amp;Checks (%1)</translation>
    </message>
    <message>
      <source>&amp;Seperti di Entri</source>
      <translation>A&amp;s in Keying</translation>
    </message>
    <message>
      <source>&amp;Tutup</source>
      <translation>C&amp;lose</translation>
    </message>
    <message>
      <source>Definisi formulir</source>
      <translation>Form definition</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Pro&amp;fil</source>
      <translation>Pro&amp;file</translation>
    </message>
    <message>
      <source>Profil</source>
      <translation>Profile</translation>
    </message>
  </context>
  <context>
    <name>FormsFilter</name>
    <message>
      <source>Langkah</source>
      <translation>Step</translation>
    </message>
    <message>
      <source>Mengapa menunggu</source>
      <translation>Why it waits</translation>
    </message>
    <message>
      <source>Siapa yang mengentri</source>
      <translation>Who keyed it</translation>
    </message>
    <message>
      <source>Umur</source>
      <translation>Age</translation>
    </message>
    <message>
      <source>alasan apa saja</source>
      <translation>any reason</translation>
    </message>
    <message>
      <source>dientri %1</source>
      <translation>keyed by %1</translation>
    </message>
    <message>
      <source>lebih dari %1 jam</source>
      <translation>more than %1 h</translation>
    </message>
    <message>
      <source>semua langkah</source>
      <translation>all steps</translation>
    </message>
    <message>
      <source>siapa saja</source>
      <translation>anybody</translation>
    </message>
    <message>
      <source>umur berapa pun</source>
      <translation>any age</translation>
    </message>
  </context>
  <context>
    <name>FormsPage</name>
    <message>
      <source>%1 dari %2</source>
      <translation>%1 of %2</translation>
    </message>
    <message>
      <source>%1 formulir dapat Anda kerjakan sekarang.</source>
      <translation>%1 forms you can work on now.</translation>
    </message>
    <message>
      <source>%1 formulir.</source>
      <translation>%1 forms.</translation>
    </message>
    <message>
      <source>Daftar formulir</source>
      <translation>List of forms</translation>
    </message>
    <message>
      <source>Desa/kel.</source>
      <translation>Village</translation>
    </message>
    <message>
      <source>Dibuka oleh</source>
      <translation>Opened by</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Forms</translation>
    </message>
    <message>
      <source>Formulir ini menunggu orang lain atau KPU RI, bukan Anda.</source>
      <translation>This form waits for somebody else or for KPU RI, not for you.</translation>
    </message>
    <message>
      <source>Hal.</source>
      <translation>Pages</translation>
    </message>
    <message>
      <source>Hapus saringan  Esc</source>
      <translation>Clear the filter  Esc</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Kecamatan</source>
      <translation>Kecamatan</translation>
    </message>
    <message>
      <source>Lanjutkan  Ctrl+Enter</source>
      <translation>Go on  Ctrl+Enter</translation>
    </message>
    <message>
      <source>Lanjutkan di %1  Ctrl+Enter</source>
      <translation>Go on in %1  Ctrl+Enter</translation>
    </message>
    <message>
      <source>Mengapa</source>
      <translation>Why</translation>
    </message>
    <message>
      <source>Pekerjaan baru muncul di sini begitu ada. Formulir lain ada di daftar lengkap.</source>
      <translation>New work appears here as soon as there is any. Other forms are in the whole list.</translation>
    </message>
    <message>
      <source>Periksa ejaan nama desa, atau hapus saringan dengan Esc.</source>
      <translation>Check the spelling of the village, or clear the filter with Esc.</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Tampilkan semua formulir  F6</source>
      <translation>Show all forms  F6</translation>
    </message>
    <message>
      <source>Tidak ada formulir yang cocok dengan saringan ini</source>
      <translation>No form fits this filter</translation>
    </message>
    <message>
      <source>Tidak ada yang perlu Anda kerjakan sekarang</source>
      <translation>Nothing needs you now</translation>
    </message>
    <message>
      <source>Umur</source>
      <translation>Age</translation>
    </message>
    <message>
      <source>buka</source>
      <translation>open</translation>
    </message>
    <message>
      <source>buka formulir yang dipilih: delapan fakta, mengapa menunggu, riwayat</source>
      <translation>open the chosen form: eight facts, why it waits, history</translation>
    </message>
    <message>
      <source>cari</source>
      <translation>find</translation>
    </message>
    <message>
      <source>cari TPS atau desa; Enter atau ↓ kembali ke daftar</source>
      <translation>search for a TPS or village; Enter or ↓ leads back to the list</translation>
    </message>
    <message>
      <source>hapus saringan</source>
      <translation>clear the filter</translation>
    </message>
    <message>
      <source>lanjutkan formulir itu di Entri, Entri kedua, Verifikasi, …</source>
      <translation>go on with that form in Keying, Second reading, Verification, …</translation>
    </message>
    <message>
      <source>perlu saya  F6</source>
      <translation>needs me  F6</translation>
    </message>
    <message>
      <source>perlu saya, atau semua formulir</source>
      <translation>what needs me, or all forms</translation>
    </message>
    <message>
      <source>saringan yang disimpan: 0 perlu saya, 1–9 saringan sendiri</source>
      <translation>saved filters: 0 what needs me, 1–9 your own</translation>
    </message>
    <message>
      <source>simpan saringan ini; Ctrl+Z mengurungkan penghapusan</source>
      <translation>save this filter; Ctrl+Z takes a deletion back</translation>
    </message>
    <message>
      <source>terlama dulu  F7</source>
      <translation>longest first  F7</translation>
    </message>
    <message>
      <source>yang terlama dulu, atau menurut TPS</source>
      <translation>the longest wait first, or by TPS</translation>
    </message>
  </context>
  <context>
    <name>FormsSection</name>
    <message>
      <source>%1 formulir yang belum dibaca memakai pilihan baru; %2 yang sudah mulai dibaca tetap.</source>
      <translation>%1 forms not read yet take the new choice; %2 already begun stay as they are.</translation>
    </message>
    <message>
      <source>&amp;Lihat formulir…</source>
      <translation>&amp;Look at a form…</translation>
    </message>
    <message>
      <source>&amp;Tambah formulir…</source>
      <translation>&amp;Add a form…</translation>
    </message>
    <message>
      <source>&amp;Ubah…</source>
      <translation>&amp;Change…</translation>
    </message>
    <message>
      <source>Ditunggu</source>
      <translation>Expected</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Formulir yang dibaca di sini</source>
      <translation>Forms read here</translation>
    </message>
    <message>
      <source>Hanya koordinator dapat mengubah pilihan formulir.</source>
      <translation>Only a coordinator can change the choice of forms.</translation>
    </message>
    <message>
      <source>Mulai dibaca</source>
      <translation>Begun</translation>
    </message>
    <message>
      <source>Pembaca</source>
      <translation>Readers</translation>
    </message>
    <message>
      <source>Setiap TPS yang memilih dengannya membawa satu. Dipakai setelah program dibuka lagi.</source>
      <translation>Every polling station that votes by it brings one. Used once the program is opened again.</translation>
    </message>
    <message>
      <source>Tersimpan.</source>
      <translation>Saved.</translation>
    </message>
    <message>
      <source>Yang dientri</source>
      <translation>What is keyed</translation>
    </message>
    <message>
      <source>Yang sudah mulai dibaca tetap menurut pilihan saat itu; yang dibaca satu orang tetap bertanda “satu orang”. Formulir yang ditambahkan dipakai setelah program dibuka lagi.</source>
      <translation>What was begun keeps the choice of then; what one person read keeps the mark “one person”. A form that is added is used once the program is opened again.</translation>
    </message>
  </context>
  <context>
    <name>FunnelChart</name>
    <message>
      <source>Corong: %1 formulir</source>
      <translation>Funnel: %1 forms</translation>
    </message>
  </context>
  <context>
    <name>GuideStrip</name>
    <message>
      <source>B&amp;uka</source>
      <translation>&amp;Open</translation>
    </message>
    <message>
      <source>Panduan latihan</source>
      <translation>Practice guide</translation>
    </message>
    <message>
      <source>Sembun&amp;yikan</source>
      <translation>Hi&amp;de</translation>
    </message>
  </context>
  <context>
    <name>HelpDialog</name>
    <message>
      <source>&amp;Cetak satu lembar…</source>
      <translation>&amp;Print on one sheet…</translation>
    </message>
    <message>
      <source>Bantuan</source>
      <translation>Help</translation>
    </message>
    <message>
      <source>Situng Luring: lembar bantuan</source>
      <translation>Situng Luring: help sheet</translation>
    </message>
    <message>
      <source>Tombol</source>
      <translation>Keys</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>cari TPS, lihat riwayatnya</source>
      <translation>find a TPS, see its history</translation>
    </message>
    <message>
      <source>ganti orang; angka disembunyikan seketika</source>
      <translation>change person; numbers vanish at once</translation>
    </message>
    <message>
      <source>gulir</source>
      <translation>scroll</translation>
    </message>
    <message>
      <source>id</source>
      <translation>en</translation>
    </message>
    <message>
      <source>ke bagian berikutnya / sebelumnya</source>
      <translation>to the next / previous part</translation>
    </message>
    <message>
      <source>pindah halaman</source>
      <translation>change page</translation>
    </message>
    <message>
      <source>tutup</source>
      <translation>close</translation>
    </message>
  </context>
  <context>
    <name>HomePage</name>
    <message>
      <source>%1 formulir</source>
      <translation>%1 forms</translation>
    </message>
    <message>
      <source>Apa</source>
      <translation>What</translation>
    </message>
    <message>
      <source>Beranda</source>
      <translation>Home</translation>
    </message>
    <message>
      <source>Enter, Shift+Enter</source>
      <translation>Enter, Shift+Enter</translation>
    </message>
    <message>
      <source>Jumlah</source>
      <translation>Count</translation>
    </message>
    <message>
      <source>Pekerjaan baru muncul di sini begitu ada: lembar baru, entri kedua, kembalian KPU RI.</source>
      <translation>New work shows here as it comes: new pages, second readings, returns from KPU RI.</translation>
    </message>
    <message>
      <source>Perlu saya</source>
      <translation>Needs me</translation>
    </message>
    <message>
      <source>Semua surat suara</source>
      <translation>All ballots</translation>
    </message>
    <message>
      <source>Surat suara</source>
      <translation>Ballot</translation>
    </message>
    <message>
      <source>Tampilkan yang sudah dibaca</source>
      <translation>Show what was read</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu Anda</source>
      <translation>Nothing waits for you</translation>
    </message>
    <message>
      <source>di gambar: daftar formulir yang belum, yang sudah sampai di langkah itu</source>
      <translation>in the picture: list of the forms that have not, that have come to that step</translation>
    </message>
    <message>
      <source>ke pemberitahuan; Enter: sudah dibaca</source>
      <translation>to the notices; Enter: mark as read</translation>
    </message>
    <message>
      <source>kerjakan yang dipilih di “Perlu saya”, atau buka baris tabel</source>
      <translation>do what is chosen in “Needs me”, or open the table's row</translation>
    </message>
    <message>
      <source>kerjakan yang teratas</source>
      <translation>do the top one</translation>
    </message>
    <message>
      <source>naik satu tingkat: desa → kecamatan → kabupaten</source>
      <translation>up one level: desa → kecamatan → kabupaten</translation>
    </message>
    <message>
      <source>saring daftar TPS</source>
      <translation>filter the list of TPS</translation>
    </message>
  </context>
  <context>
    <name>JournalSection</name>
    <message>
      <source>Jurnal</source>
      <translation>Journal</translation>
    </message>
    <message>
      <source>Jurnal sedang diperiksa</source>
      <translation>Checking the journal</translation>
    </message>
    <message>
      <source>Jurnal sedang diperiksa…</source>
      <translation>Checking the journal…</translation>
    </message>
    <message>
      <source>Periksa jurnal</source>
      <translation>Check the journal</translation>
    </message>
    <message>
      <source>Setiap tindakan dicatat dengan angka yang dibaca, berantai. Pemeriksaan menghitung ulang seluruh rantai; pekerjaan dapat dilanjutkan.</source>
      <translation>Every action is noted in a chain, with the numbers read. The check computes the whole chain again; work can go on.</translation>
    </message>
  </context>
  <context>
    <name>KeyingPage</name>
    <message>
      <source> F8: pindahkan berkas dan isian ke sana.</source>
      <translation> F8: move the sheets and what was typed there.</translation>
    </message>
    <message>
      <source>Ada kotak yang berbeda: hanya kotak itu yang dibaca orang ketiga.</source>
      <translation>Some boxes differ: a third person reads those boxes alone.</translation>
    </message>
    <message>
      <source>Berikutnya: %1</source>
      <translation>Next: %1</translation>
    </message>
    <message>
      <source>Cocok. Tuntas dibaca.</source>
      <translation>Agreed. Reading is complete.</translation>
    </message>
    <message>
      <source>DPT %1 milik %2. Salah berkas?</source>
      <translation>DPT %1 belongs to %2. Wrong paper?</translation>
    </message>
    <message>
      <source>Dijeda. Semua isian tersimpan; buka lagi kapan saja.</source>
      <translation>Paused. Everything is kept; open it again at any time.</translation>
    </message>
    <message>
      <source>Dipindahkan ke %1 dengan isiannya. Lanjutkan di sini.</source>
      <translation>Moved to %1 with what was typed. Go on here.</translation>
    </message>
    <message>
      <source>Entri</source>
      <translation>Keying</translation>
    </message>
    <message>
      <source>Formulir ini baru saja Anda buka lagi.</source>
      <translation>You have just reopened this form.</translation>
    </message>
    <message>
      <source>Isian terakhir belum tersimpan di disk; jangan tutup program.</source>
      <translation>The last value is not on the disk yet; do not close the program.</translation>
    </message>
    <message>
      <source>Masih ada kotak yang berbeda: koordinator yang menentukan.</source>
      <translation>Some boxes still differ: the coordinator decides.</translation>
    </message>
    <message>
      <source>Selesai. Tidak ada lagi formulir yang menunggu entri pertama.</source>
      <translation>Done. No form waits for a first reading.</translation>
    </message>
    <message>
      <source>daftar partai berikutnya, sebelumnya; yang dilewati tetap terbuka</source>
      <translation>next, previous party's list; what is passed stays open</translation>
    </message>
    <message>
      <source>halaman yang lain belum ada: selesai dengan halaman yang sudah diisi</source>
      <translation>the other pages have not come: finish with the pages that are keyed</translation>
    </message>
    <message>
      <source>jeda: semua isian tersimpan</source>
      <translation>pause: everything is kept</translation>
    </message>
    <message>
      <source>kembali; maju melewati kotak yang sudah terisi</source>
      <translation>back; forward over filled boxes</translation>
    </message>
    <message>
      <source>kotak berikutnya; di kotak terakhir: selesai dan TPS berikutnya</source>
      <translation>next box; in the last box: finish and next TPS</translation>
    </message>
    <message>
      <source>membuka lagi formulir yang baru diselesaikan</source>
      <translation>reopen the form just finished</translation>
    </message>
    <message>
      <source>memindahkan berkas ke TPS yang benar, bila DPT-nya milik TPS lain</source>
      <translation>moves the sheets to the right TPS, when the DPT is another TPS's</translation>
    </message>
    <message>
      <source>menerima temuan: tertulis demikian, tidak terbaca, pindaian buruk, lainnya</source>
      <translation>accept a finding: written so, unreadable, poor scan, other</translation>
    </message>
    <message>
      <source>menjelaskan aturan temuan yang dipilih</source>
      <translation>explains the rule of the chosen finding</translation>
    </message>
    <message>
      <source>nol; kosong di kertas; tidak terbaca (juga /)</source>
      <translation>zero; blank on the paper; unreadable (also /)</translation>
    </message>
    <message>
      <source>seluruh halaman dan kembali</source>
      <translation>whole page and back</translation>
    </message>
    <message>
      <source>sisa daftar partai atau calon ini kosong; Ctrl+Z membatalkan</source>
      <translation>the rest of this party's or candidates' list is blank; Ctrl+Z takes it back</translation>
    </message>
    <message>
      <source>slip formulir yang terakhir Anda selesaikan</source>
      <translation>slip of the form you finished last</translation>
    </message>
  </context>
  <context>
    <name>LineNote</name>
    <message>
      <source>Buka Akun KPU RI</source>
      <translation>Open KPU RI account</translation>
    </message>
    <message>
      <source>Pengaturan: mendaftarkan PC ini ulang, atau memakai berkas baru</source>
      <translation>Settings: enrol this PC anew, or use a new file</translation>
    </message>
  </context>
  <context>
    <name>LookSection</name>
    <message>
      <source>Bahasa</source>
      <translation>Language</translation>
    </message>
    <message>
      <source>Tampilan</source>
      <translation>Look</translation>
    </message>
    <message>
      <source>Ukuran teks</source>
      <translation>Text size</translation>
    </message>
    <message>
      <source>besar</source>
      <translation>large</translation>
    </message>
    <message>
      <source>biasa</source>
      <translation>normal</translation>
    </message>
    <message>
      <source>sangat besar</source>
      <translation>very large</translation>
    </message>
  </context>
  <context>
    <name>MainWindow</name>
    <message>
      <source>Bukti terakhir dari KPU RI %1 · no. %2</source>
      <translation>Last receipt from KPU RI %1 · no. %2</translation>
    </message>
    <message>
      <source>Ctrl + angka: pindah halaman</source>
      <translation>Ctrl + digit: change page</translation>
    </message>
    <message>
      <source>Dari %1 tidak ditunggu formulir.</source>
      <translation>No form is expected from %1.</translation>
    </message>
    <message>
      <source>LATIHAN</source>
      <translation>PRACTICE</translation>
    </message>
  </context>
  <context>
    <name>MatterLists</name>
    <message>
      <source>%1 kotak berbeda</source>
      <translation>%1 boxes differ</translation>
    </message>
    <message>
      <source>Angka lain</source>
      <translation>Other numbers</translation>
    </message>
    <message>
      <source>Belum terlihat</source>
      <translation>Not visible yet</translation>
    </message>
    <message>
      <source>Desa/kelurahan</source>
      <translation>Village</translation>
    </message>
    <message>
      <source>Dikembalikan</source>
      <translation>Returned</translation>
    </message>
    <message>
      <source>Dikembalikan untuk diverifikasi</source>
      <translation>Returned for verification</translation>
    </message>
    <message>
      <source>Ditolak</source>
      <translation>Rejected</translation>
    </message>
    <message>
      <source>Formulir muncul di sini setelah KPU RI mengembalikannya. Pekerjaan lain dapat diteruskan.</source>
      <translation>Forms appear here once KPU RI has returned them. Other work can go on.</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Kembali</source>
      <translation>Returned</translation>
    </message>
    <message>
      <source>Langkah berikut</source>
      <translation>Next step</translation>
    </message>
    <message>
      <source>Perbandingan</source>
      <translation>Comparison</translation>
    </message>
    <message>
      <source>Perlu keputusan</source>
      <translation>To be decided</translation>
    </message>
    <message>
      <source>Sejak</source>
      <translation>Since</translation>
    </message>
    <message>
      <source>Semua koreksi sudah terlihat</source>
      <translation>Every correction can be seen</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Tidak ada di daftar ini</source>
      <translation>Nothing in this list</translation>
    </message>
    <message>
      <source>Tidak ada formulir yang di KPU RI atau di situs publik masih menampilkan angka lama.</source>
      <translation>No form shows older numbers at KPU RI or on the public site.</translation>
    </message>
    <message>
      <source>Tidak ada formulir yang menunggu keputusan ini.</source>
      <translation>No form waits for this decision.</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu verifikasi</source>
      <translation>Nothing waits for verification</translation>
    </message>
    <message>
      <source>Tidak cocok</source>
      <translation>Do not match</translation>
    </message>
    <message>
      <source>Tidak dapat sekaligus karena</source>
      <translation>Not in the batch because</translation>
    </message>
    <message>
      <source>buka</source>
      <translation>open</translation>
    </message>
    <message>
      <source>daftar berikutnya</source>
      <translation>next list</translation>
    </message>
    <message>
      <source>identik</source>
      <translation>identical</translation>
    </message>
    <message>
      <source>konfirmasi yang identik</source>
      <translation>confirm the identical ones</translation>
    </message>
  </context>
  <context>
    <name>MissingList</name>
    <message>
      <source>Belum ada</source>
      <translation>Missing</translation>
    </message>
    <message>
      <source>Desa, kecamatan</source>
      <translation>Desa, kecamatan</translation>
    </message>
    <message>
      <source>Halaman yang belum ada</source>
      <translation>Missing pages</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Tidak ada formulir yang setengah jadi.</source>
      <translation>No form is half complete.</translation>
    </message>
    <message>
      <source>halaman %1</source>
      <translation>page %1</translation>
    </message>
  </context>
  <context>
    <name>MoveDialog</name>
    <message>
      <source>%1 dan %2 ditukar.</source>
      <translation>%1 and %2 exchanged.</translation>
    </message>
    <message>
      <source>%1 dipindahkan ke %2.</source>
      <translation>%1 moved to %2.</translation>
    </message>
    <message>
      <source>Di sini: isi %1 dan %2 bertukar tempat.</source>
      <translation>Here: the contents of %1 and %2 change places.</translation>
    </message>
    <message>
      <source>Di sini: isi %1 pindah ke %2; %1 kosong dan menunggu dientri.</source>
      <translation>Here: the contents of %1 go to %2; %1 is empty and waits to be keyed.</translation>
    </message>
    <message>
      <source>Entri kedua: pembaca yang dulu hanya membaca DPT-nya; orang lain membaca seluruhnya.</source>
      <translation>Second reading: earlier readers read its DPT only; anybody else reads the whole form.</translation>
    </message>
    <message>
      <source>Entri kedua: seluruh formulir, dari gambar di TPS yang benar.</source>
      <translation>Second reading: the whole form, from the images at the right TPS.</translation>
    </message>
    <message>
      <source>Gambar ikut pindah (kosongkan bila gambarnya sudah di TPS yang benar)</source>
      <translation>The images move along (clear this when they are at the right TPS already)</translation>
    </message>
    <message>
      <source>KPU RI: angka di %1 ditarik, lalu dikirim untuk %2.</source>
      <translation>KPU RI: the numbers of %1 are withdrawn, then sent for %2.</translation>
    </message>
    <message>
      <source>KPU RI: angka lama di kedua TPS ditarik, lalu angka yang benar dikirim.</source>
      <translation>KPU RI: the old numbers of both TPS are withdrawn, then the right ones are sent.</translation>
    </message>
    <message>
      <source>Membatalkan: pindahkan atau tukar kembali.</source>
      <translation>To undo: move or exchange them back.</translation>
    </message>
    <message>
      <source>Pindahkan</source>
      <translation>Move</translation>
    </message>
    <message>
      <source>Pindahkan atau tukar</source>
      <translation>Move or exchange</translation>
    </message>
    <message>
      <source>Situs publik: %1 kosong; %2 muncul setelah dibaca orang kedua dan diverifikasi.</source>
      <translation>Public site: %1 is empty; %2 appears after the second reading and verification.</translation>
    </message>
    <message>
      <source>Situs publik: kedua TPS kosong sampai dibaca orang kedua dan diverifikasi lagi.</source>
      <translation>Public site: both TPS are empty until they are read by a second person and verified again.</translation>
    </message>
    <message>
      <source>TPS yang benar</source>
      <translation>The right TPS</translation>
    </message>
    <message>
      <source>TPS yang benar: nomor dan desa, misalnya 1 cileunyi kulon</source>
      <translation>The right TPS: number and village, for example 1 cileunyi kulon</translation>
    </message>
    <message>
      <source>TPS yang ditemukan</source>
      <translation>TPS found</translation>
    </message>
    <message>
      <source>Tukar</source>
      <translation>Exchange</translation>
    </message>
    <message>
      <source>Untuk formulir yang diisi atau dipindai di TPS yang salah.</source>
      <translation>For a form that was keyed or scanned at the wrong TPS.</translation>
    </message>
    <message>
      <source>kosong</source>
      <translation>empty</translation>
    </message>
    <message>
      <source>sudah berisi: ditukar</source>
      <translation>has an entry: exchanged</translation>
    </message>
  </context>
  <context>
    <name>NoticeRow</name>
    <message>
      <source>Sudah dibaca</source>
      <translation>Mark as read</translation>
    </message>
    <message>
      <source>Tandai belum dibaca</source>
      <translation>Mark as unread</translation>
    </message>
    <message>
      <source>dibaca %1</source>
      <translation>read %1</translation>
    </message>
  </context>
  <context>
    <name>NoticesCard</name>
    <message>
      <source>%1 terbaru dari %2 yang belum dibaca</source>
      <translation>the newest %1 of %2 unread</translation>
    </message>
    <message>
      <source>Pemberitahuan</source>
      <translation>Notices</translation>
    </message>
    <message>
      <source>Semua ini sudah dibaca</source>
      <translation>Mark all of these as read</translation>
    </message>
  </context>
  <context>
    <name>PageImages</name>
    <message>
      <source>Entri dapat diteruskan dari kertas; pindai ulang halaman ini.</source>
      <translation>Keying can go on from the paper; scan this page again.</translation>
    </message>
    <message>
      <source>Pindaian tidak dapat dibuka: %1.</source>
      <translation>The scan cannot be opened: %1.</translation>
    </message>
  </context>
  <context>
    <name>PagesInPage</name>
    <message>
      <source>%1 dari %2 halaman</source>
      <translation>%1 of %2 pages</translation>
    </message>
    <message>
      <source>%1 halaman %2</source>
      <translation>%1 page %2</translation>
    </message>
    <message>
      <source>%1 halaman masuk, %2 ke kotak masuk, %3 tidak dipakai.</source>
      <translation>%1 pages in, %2 to the inbox, %3 not used.</translation>
    </message>
    <message>
      <source>%1 lembar di kotak masuk · %2 formulir belum lengkap</source>
      <translation>%1 pages in the inbox · %2 forms incomplete</translation>
    </message>
    <message>
      <source>Ambil berkas</source>
      <translation>Take files in</translation>
    </message>
    <message>
      <source>Ambil berkas…</source>
      <translation>Take files in…</translation>
    </message>
    <message>
      <source>Ambil folder</source>
      <translation>Take a folder in</translation>
    </message>
    <message>
      <source>Ambil folder…</source>
      <translation>Take a folder in…</translation>
    </message>
    <message>
      <source>Belum ada folder yang diawasi (Pengaturan)</source>
      <translation>No folder is watched yet (Settings)</translation>
    </message>
    <message>
      <source>Folder yang diawasi: %1</source>
      <translation>Watched folder: %1</translation>
    </message>
    <message>
      <source>Gambar dan PDF (%1)</source>
      <translation>Images and PDF (%1)</translation>
    </message>
    <message>
      <source>Kotak masuk</source>
      <translation>Inbox</translation>
    </message>
    <message>
      <source>Kotak masuk %1</source>
      <translation>Inbox %1</translation>
    </message>
    <message>
      <source>Kurang %1</source>
      <translation>Missing %1</translation>
    </message>
    <message>
      <source>Lembar disisihkan; tidak dibuang.</source>
      <translation>The page was set aside; it is not thrown away.</translation>
    </message>
    <message>
      <source>Lembar sampul…</source>
      <translation>Cover sheets…</translation>
    </message>
    <message>
      <source>Masih mengambil berkas sebelumnya; tunggu sebentar.</source>
      <translation>Still taking the earlier files in; wait a moment.</translation>
    </message>
    <message>
      <source>Membaca berkas…</source>
      <translation>Reading files…</translation>
    </message>
    <message>
      <source>Pindai</source>
      <translation>Scanning</translation>
    </message>
    <message>
      <source>Terakhir</source>
      <translation>Latest</translation>
    </message>
    <message>
      <source>Usul: %1</source>
      <translation>Suggestion: %1</translation>
    </message>
    <message>
      <source>daftar lain</source>
      <translation>other list</translation>
    </message>
    <message>
      <source>kembali ke daftar lembar</source>
      <translation>back to the list of pages</translation>
    </message>
    <message>
      <source>kira-kira %1 lagi</source>
      <translation>about %1 more</translation>
    </message>
    <message>
      <source>kotak masuk, halaman yang belum ada, berkas yang baru diambil</source>
      <translation>inbox, missing pages, files just taken in</translation>
    </message>
    <message>
      <source>lembar lain; di kotak TPS: pilihan lain</source>
      <translation>another page; in the TPS box: another choice</translation>
    </message>
    <message>
      <source>lembar sampul berkode untuk satu desa, sebagai PDF</source>
      <translation>coded cover sheets for one desa, as a PDF</translation>
    </message>
    <message>
      <source>menentukan TPS lembar yang dipilih; lalu menerimanya</source>
      <translation>say which TPS the chosen page belongs to; then accept it</translation>
    </message>
    <message>
      <source>mengambil berkas gambar atau PDF (juga dengan menyeretnya ke sini)</source>
      <translation>take image files or PDFs in (or drag them here)</translation>
    </message>
    <message>
      <source>menyisihkan lembar (tidak dibuang)</source>
      <translation>set the page aside (it is kept)</translation>
    </message>
    <message>
      <source>tentukan TPS</source>
      <translation>choose the TPS</translation>
    </message>
  </context>
  <context>
    <name>PagesSection</name>
    <message>
      <source>Belum ada folder yang dipilih.</source>
      <translation>No folder chosen yet.</translation>
    </message>
    <message>
      <source>Folder pindai</source>
      <translation>Scan folder</translation>
    </message>
    <message>
      <source>Jangan ambil sendiri</source>
      <translation>Stop taking pages in</translation>
    </message>
    <message>
      <source>Lembar yang disimpan pemindai ke folder ini diambil sendiri. Berkas aslinya tidak diubah.</source>
      <translation>Pages a scanner saves to this folder are taken in by themselves. The original files are not changed.</translation>
    </message>
    <message>
      <source>Pilih folder…</source>
      <translation>Choose a folder…</translation>
    </message>
    <message>
      <source>Program ini dijalankan tanpa pengambilan sendiri; ambil berkas di Pindai (F5).</source>
      <translation>This program runs without a watched folder; take files in under Scanning (F5).</translation>
    </message>
    <message>
      <source>Tersimpan.</source>
      <translation>Saved.</translation>
    </message>
  </context>
  <context>
    <name>PeopleSection</name>
    <message>
      <source>%1 aktif lagi.</source>
      <translation>%1 is active again.</translation>
    </message>
    <message>
      <source>%1 dinonaktifkan.</source>
      <translation>%1 was deactivated.</translation>
    </message>
    <message>
      <source>&amp;Aktifkan lagi</source>
      <translation>A&amp;ctivate again</translation>
    </message>
    <message>
      <source>&amp;Beri PIN baru…</source>
      <translation>Give a &amp;new PIN…</translation>
    </message>
    <message>
      <source>&amp;Nonaktifkan</source>
      <translation>&amp;Deactivate</translation>
    </message>
    <message>
      <source>&amp;Tambah orang…</source>
      <translation>&amp;Add a person…</translation>
    </message>
    <message>
      <source>&amp;Ubah PIN saya…</source>
      <translation>Change my &amp;PIN…</translation>
    </message>
    <message>
      <source>Hanya koordinator dapat menambah dan menonaktifkan orang.</source>
      <translation>Only a coordinator can add and deactivate people.</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Nama</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Nama pengguna</source>
      <translation>User name</translation>
    </message>
    <message>
      <source>Orang</source>
      <translation>People</translation>
    </message>
    <message>
      <source>Orang ditambahkan. Sekarang dapat masuk dengan F9.</source>
      <translation>The person was added and can sign in now with F9.</translation>
    </message>
    <message>
      <source>PIN %1 diubah; pekerjaannya tetap tersimpan.</source>
      <translation>%1's PIN was changed; their work is kept.</translation>
    </message>
    <message>
      <source>PIN diubah.</source>
      <translation>The PIN was changed.</translation>
    </message>
    <message>
      <source>Tugas</source>
      <translation>Tasks</translation>
    </message>
    <message>
      <source>aktif</source>
      <translation>active</translation>
    </message>
    <message>
      <source>nonaktif</source>
      <translation>inactive</translation>
    </message>
  </context>
  <context>
    <name>PersonDialog</name>
    <message>
      <source>Tambah orang</source>
      <translation>Add a person</translation>
    </message>
    <message>
      <source>Tambahkan</source>
      <translation>Add</translation>
    </message>
  </context>
  <context>
    <name>PersonFields</name>
    <message>
      <source>Nama</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>Nama belum diisi.</source>
      <translation>The name is missing.</translation>
    </message>
    <message>
      <source>PIN diketik oleh orang itu sendiri. Serahkan papan ketik kepadanya.</source>
      <translation>The person types the PIN. Hand over the keyboard.</translation>
    </message>
    <message>
      <source>PIN sekali lagi</source>
      <translation>PIN once more</translation>
    </message>
    <message>
      <source>Pilih paling sedikit satu tugas.</source>
      <translation>Choose at least one task.</translation>
    </message>
  </context>
  <context>
    <name>PinDialog</name>
    <message>
      <source>PIN baru untuk %1</source>
      <translation>New PIN for %1</translation>
    </message>
    <message>
      <source>PIN lama</source>
      <translation>Old PIN</translation>
    </message>
    <message>
      <source>Ubah PIN</source>
      <translation>Change PIN</translation>
    </message>
    <message>
      <source>Ubah PIN saya</source>
      <translation>Change my PIN</translation>
    </message>
  </context>
  <context>
    <name>PinFields</name>
    <message>
      <source>Kedua PIN tidak sama. Ketik ulang.</source>
      <translation>The two PINs differ. Type them again.</translation>
    </message>
    <message>
      <source>PIN</source>
      <translation>PIN</translation>
    </message>
    <message>
      <source>PIN paling sedikit %1 angka atau huruf.</source>
      <translation>A PIN has at least %1 digits or letters.</translation>
    </message>
    <message>
      <source>PIN sekali lagi</source>
      <translation>PIN once more</translation>
    </message>
  </context>
  <context>
    <name>PlaceFilter</name>
    <message>
      <source>Cari TPS atau desa</source>
      <translation>Search for a TPS or village</translation>
    </message>
    <message>
      <source>Desa/kelurahan</source>
      <translation>Desa/kelurahan</translation>
    </message>
    <message>
      <source>Kecamatan</source>
      <translation>Kecamatan</translation>
    </message>
    <message>
      <source>Surat suara</source>
      <translation>Ballot</translation>
    </message>
    <message>
      <source>cari: 1 cileunyi kulon, atau kode  (/)</source>
      <translation>search: 1 cileunyi kulon, or a code  (/)</translation>
    </message>
    <message>
      <source>semua desa</source>
      <translation>all villages</translation>
    </message>
    <message>
      <source>semua kecamatan</source>
      <translation>all kecamatan</translation>
    </message>
    <message>
      <source>semua surat suara</source>
      <translation>all ballots</translation>
    </message>
  </context>
  <context>
    <name>PlacePanel</name>
    <message>
      <source>Formulir ini hanya punya halaman %1.</source>
      <translation>This form only has pages %1.</translation>
    </message>
    <message>
      <source>Halaman</source>
      <translation>Page</translation>
    </message>
    <message>
      <source>Kotak masuk kosong. Ambil berkas (F5) atau seret ke sini.</source>
      <translation>The inbox is empty. Take files in (F5) or drag them here.</translation>
    </message>
    <message>
      <source>Nomor TPS dan desa: 1 cileunyi kulon</source>
      <translation>TPS number and desa: 1 cileunyi kulon</translation>
    </message>
    <message>
      <source>Pilihan TPS</source>
      <translation>TPS to choose from</translation>
    </message>
    <message>
      <source>Pindaian sedang dibuka…</source>
      <translation>Opening the scan…</translation>
    </message>
    <message>
      <source>TPS lembar ini</source>
      <translation>TPS of this page</translation>
    </message>
    <message>
      <source>Tidak ada TPS seperti itu di kabupaten/kota ini.</source>
      <translation>There is no such TPS in this district.</translation>
    </message>
    <message>
      <source>halaman %1</source>
      <translation>page %1</translation>
    </message>
    <message>
      <source>kembali</source>
      <translation>back</translation>
    </message>
    <message>
      <source>pilihan</source>
      <translation>choices</translation>
    </message>
    <message>
      <source>tetapkan</source>
      <translation>accept</translation>
    </message>
  </context>
  <context>
    <name>PrintDialog</name>
    <message>
      <source>%1 dari %2</source>
      <translation>%1 of %2</translation>
    </message>
    <message>
      <source>&amp;Berikutnya ▶</source>
      <translation>&amp;Next ▶</translation>
    </message>
    <message>
      <source>&amp;Cetak</source>
      <translation>Prin&amp;t</translation>
    </message>
    <message>
      <source>Dikirim ke %1.</source>
      <translation>Sent to %1.</translation>
    </message>
    <message>
      <source>Gambar halaman</source>
      <translation>Picture of the page</translation>
    </message>
    <message>
      <source>Kertas</source>
      <translation>Paper</translation>
    </message>
    <message>
      <source>Pencetak</source>
      <translation>Printer</translation>
    </message>
    <message>
      <source>Simpan &amp;PDF…</source>
      <translation>Save &amp;PDF…</translation>
    </message>
    <message>
      <source>Simpan PDF</source>
      <translation>Save PDF</translation>
    </message>
    <message>
      <source>Tersimpan: %1.</source>
      <translation>Saved: %1.</translation>
    </message>
    <message>
      <source>Tidak ada pencetak di komputer ini.</source>
      <translation>There is no printer on this computer.</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>Ukuran kertas</source>
      <translation>Paper size</translation>
    </message>
    <message>
      <source>◀ &amp;Sebelumnya</source>
      <translation>◀ Pre&amp;vious</translation>
    </message>
  </context>
  <context>
    <name>Projector</name>
    <message>
      <source>Membaca data</source>
      <translation>Reading data</translation>
    </message>
    <message>
      <source>Proyektor</source>
      <translation>Projector</translation>
    </message>
    <message>
      <source>Semua formulir</source>
      <translation>All forms</translation>
    </message>
    <message>
      <source>Semua surat suara</source>
      <translation>All ballots</translation>
    </message>
  </context>
  <context>
    <name>PublicDialog</name>
    <message>
      <source>%1 angka berbeda sejak %2</source>
      <translation>%1 numbers differ since %2</translation>
    </message>
    <message>
      <source>Angka di sini sesuai C1</source>
      <translation>Our numbers agree with the C1</translation>
    </message>
    <message>
      <source>Angka di sini tidak sesuai…</source>
      <translation>Our numbers do not agree…</translation>
    </message>
    <message>
      <source>Berikutnya</source>
      <translation>Next</translation>
    </message>
    <message>
      <source>Situs publik</source>
      <translation>Public site</translation>
    </message>
    <message>
      <source>Terakhir dilihat %1. Angka di sini tetap seperti yang diverifikasi. Bandingkan dengan C1; bila angka di sini benar, laporkan kepada KPU RI.</source>
      <translation>Last seen %1. The numbers here stay as they were verified. Compare with the C1; if the numbers here are right, report it to KPU RI.</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>angka di sini sesuai</source>
      <translation>our numbers agree</translation>
    </message>
    <message>
      <source>beda berikutnya</source>
      <translation>next difference</translation>
    </message>
    <message>
      <source>seluruh halaman</source>
      <translation>whole page</translation>
    </message>
    <message>
      <source>tidak sesuai</source>
      <translation>does not agree</translation>
    </message>
    <message>
      <source>tutup</source>
      <translation>close</translation>
    </message>
  </context>
  <context>
    <name>PublicNote</name>
    <message>
      <source>%1 formulir: angka di situs publik berbeda dari yang diverifikasi.</source>
      <translation>%1 forms: the numbers on the public site differ from those verified.</translation>
    </message>
    <message>
      <source>Bandingkan…</source>
      <translation>Compare…</translation>
    </message>
  </context>
  <context>
    <name>PublicSite</name>
    <message>
      <source>Alamat</source>
      <translation>Address</translation>
    </message>
    <message>
      <source>Alamat situs publik</source>
      <translation>Address of the public site</translation>
    </message>
    <message>
      <source>Angka di situs publik dibandingkan dengan yang diverifikasi di sini; bila berbeda, verifikator diberi tahu. Tidak ada yang dikirim ke sana.</source>
      <translation>The numbers on the public site are compared with what was verified here; where they differ, the verifiers are told. Nothing is sent there.</translation>
    </message>
    <message>
      <source>Ketik alamat situs publik, mis. https://pemilu2019.kpu.go.id.</source>
      <translation>Type the address of the public site, e.g. https://pemilu2019.kpu.go.id.</translation>
    </message>
    <message>
      <source>Sekarang tidak ada situs yang dibandingkan.</source>
      <translation>No site is compared now.</translation>
    </message>
    <message>
      <source>Simpan</source>
      <translation>Save</translation>
    </message>
    <message>
      <source>Situs publik</source>
      <translation>Public site</translation>
    </message>
    <message>
      <source>Tersimpan.</source>
      <translation>Saved.</translation>
    </message>
    <message>
      <source>Yang dibandingkan sekarang: %1</source>
      <translation>Compared now: %1</translation>
    </message>
    <message>
      <source>alamat lain</source>
      <translation>another address</translation>
    </message>
    <message>
      <source>jangan bandingkan</source>
      <translation>do not compare</translation>
    </message>
    <message>
      <source>situs dari akun KPU RI</source>
      <translation>the site of the KPU RI account</translation>
    </message>
  </context>
  <context>
    <name>QueuePage</name>
    <message>
      <source>%1 dikirim sekarang, mendahului yang lain.</source>
      <translation>%1 is sent now, before the others.</translation>
    </message>
    <message>
      <source>Antrean</source>
      <translation>Queue</translation>
    </message>
    <message>
      <source>Apa</source>
      <translation>What</translation>
    </message>
    <message>
      <source>Bundel USB…  Ctrl+B</source>
      <translation>USB bundle…  Ctrl+B</translation>
    </message>
    <message>
      <source>Cari di antrean</source>
      <translation>Search the queue</translation>
    </message>
    <message>
      <source>Coba lagi</source>
      <translation>Next try</translation>
    </message>
    <message>
      <source>Coba lagi yang berhenti</source>
      <translation>Retry what stopped</translation>
    </message>
    <message>
      <source>Coba lagi yang berhenti (%1)</source>
      <translation>Retry what stopped (%1)</translation>
    </message>
    <message>
      <source>Coba sekarang  F5</source>
      <translation>Try now  F5</translation>
    </message>
    <message>
      <source>Dicoba sekarang. Pekerjaan dapat dilanjutkan.</source>
      <translation>Trying now. Work can go on.</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Jalur</source>
      <translation>Lane</translation>
    </message>
    <message>
      <source>Jeda gambar  F7</source>
      <translation>Pause images  F7</translation>
    </message>
    <message>
      <source>Jeda semua  F6</source>
      <translation>Pause all  F6</translation>
    </message>
    <message>
      <source>Kirim TPS ini sekarang  F8</source>
      <translation>Send this TPS now  F8</translation>
    </message>
    <message>
      <source>Lanjutkan gambar  F7</source>
      <translation>Resume images  F7</translation>
    </message>
    <message>
      <source>Lanjutkan semua  F6</source>
      <translation>Resume all  F6</translation>
    </message>
    <message>
      <source>Mengapa</source>
      <translation>Why</translation>
    </message>
    <message>
      <source>Pekerjaan dapat dilanjutkan. Semua tersimpan di sini dan dikirim begitu KPU RI menjawab.</source>
      <translation>Work can go on. Everything is kept here and sent as soon as KPU RI answers.</translation>
    </message>
    <message>
      <source>Pekerjaan dapat dilanjutkan. Semua tersimpan di sini dan dikirim setelah Anda lanjutkan (F6).</source>
      <translation>Work goes on. Everything is kept here and is sent when you resume (F6).</translation>
    </message>
    <message>
      <source>Pengiriman dijeda. Entri dan pindai dapat dilanjutkan.</source>
      <translation>Sending is paused. Keying and scanning can go on.</translation>
    </message>
    <message>
      <source>Pengiriman dilanjutkan.</source>
      <translation>Sending goes on.</translation>
    </message>
    <message>
      <source>Pilih “semua” atau hapus kata yang dicari.</source>
      <translation>Choose “all” or clear the search.</translation>
    </message>
    <message>
      <source>Sejak</source>
      <translation>Since</translation>
    </message>
    <message>
      <source>Semua yang selesai dientri sudah diterima KPU RI. Lanjutkan di Entri atau Verifikasi.</source>
      <translation>KPU RI has everything that was keyed. Go on in Keying or Verification.</translation>
    </message>
    <message>
      <source>Tidak ada yang cocok dengan saringan ini</source>
      <translation>Nothing matches this filter</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu</source>
      <translation>Nothing waits</translation>
    </message>
    <message>
      <source>Yang berhenti dimasukkan kembali ke antrean.</source>
      <translation>What had stopped is queued again.</translation>
    </message>
    <message>
      <source>Yang menunggu</source>
      <translation>What waits</translation>
    </message>
    <message>
      <source>angka</source>
      <translation>numbers</translation>
    </message>
    <message>
      <source>bundel USB: bawa ke KPU RI, ambil jawabannya</source>
      <translation>USB bundle: carry to KPU RI, take its answer in</translation>
    </message>
    <message>
      <source>cari TPS atau desa  (Ctrl+F)</source>
      <translation>find TPS or desa  (Ctrl+F)</translation>
    </message>
    <message>
      <source>cari di antrean</source>
      <translation>search the queue</translation>
    </message>
    <message>
      <source>coba kirim sekarang, tanpa menunggu giliran</source>
      <translation>try to send now, without waiting</translation>
    </message>
    <message>
      <source>gambar</source>
      <translation>images</translation>
    </message>
    <message>
      <source>jeda atau lanjutkan gambar saja</source>
      <translation>pause or resume images only</translation>
    </message>
    <message>
      <source>jeda atau lanjutkan semua pengiriman</source>
      <translation>pause or resume all sending</translation>
    </message>
    <message>
      <source>kirim TPS yang dipilih sekarang, mendahului yang lain dan di luar jadwal malam</source>
      <translation>send the chosen TPS now, before the others and outside the night hours</translation>
    </message>
    <message>
      <source>perlu tindakan</source>
      <translation>action needed</translation>
    </message>
    <message>
      <source>perlu tindakan (%1)</source>
      <translation>action needed (%1)</translation>
    </message>
    <message>
      <source>putusan</source>
      <translation>verdicts</translation>
    </message>
    <message>
      <source>riwayat formulir yang dipilih</source>
      <translation>history of the chosen form</translation>
    </message>
    <message>
      <source>semua</source>
      <translation>all</translation>
    </message>
  </context>
  <context>
    <name>ReportsPage</name>
    <message>
      <source>%1, keadaan pada %2.</source>
      <translation>%1, as of %2.</translation>
    </message>
    <message>
      <source>Bagian laporan</source>
      <translation>Parts of the report</translation>
    </message>
    <message>
      <source>Buka folder</source>
      <translation>Open folder</translation>
    </message>
    <message>
      <source>Giliran kerja ini</source>
      <translation>This shift</translation>
    </message>
    <message>
      <source>Giliran kerja sebelumnya</source>
      <translation>The shift before</translation>
    </message>
    <message>
      <source>Harian: hari ini</source>
      <translation>Daily: today</translation>
    </message>
    <message>
      <source>Harian: kemarin</source>
      <translation>Daily: yesterday</translation>
    </message>
    <message>
      <source>Laporan</source>
      <translation>Reports</translation>
    </message>
    <message>
      <source>Laporan dan masanya</source>
      <translation>Report and its time</translation>
    </message>
    <message>
      <source>Membaca data</source>
      <translation>Reading data</translation>
    </message>
    <message>
      <source>Menyimpan %1</source>
      <translation>Saving %1</translation>
    </message>
    <message>
      <source>Mulai</source>
      <translation>From</translation>
    </message>
    <message>
      <source>Pleno</source>
      <translation>Plenary</translation>
    </message>
    <message>
      <source>Proyektor</source>
      <translation>Projector</translation>
    </message>
    <message>
      <source>Sampai</source>
      <translation>To</translation>
    </message>
    <message>
      <source>Simpan PDF dan CSV</source>
      <translation>Save PDF and CSV</translation>
    </message>
    <message>
      <source>Simpan laporan</source>
      <translation>Save report</translation>
    </message>
    <message>
      <source>Tersimpan: %1 dan %2 di %3.</source>
      <translation>Saved: %1 and %2 in %3.</translation>
    </message>
    <message>
      <source>Tulis waktu seperti 18/4/2019 07.00, lalu tekan Enter.</source>
      <translation>Write a time like 18/4/2019 07.00, then press Enter.</translation>
    </message>
    <message>
      <source>Waktu mulai harus sebelum waktu sampai.</source>
      <translation>The time it begins must be before the time it ends.</translation>
    </message>
    <message>
      <source>Waktu pilihan sendiri</source>
      <translation>Other times</translation>
    </message>
    <message>
      <source>baca ulang</source>
      <translation>read anew</translation>
    </message>
    <message>
      <source>baca ulang: angka berubah terus, laporan tidak</source>
      <translation>read anew: the numbers go on, a report stands still</translation>
    </message>
    <message>
      <source>proyektor</source>
      <translation>projector</translation>
    </message>
    <message>
      <source>proyektor di layar lain; Esc menutupnya</source>
      <translation>projector on the other screen; Esc closes it</translation>
    </message>
    <message>
      <source>simpan</source>
      <translation>save</translation>
    </message>
    <message>
      <source>simpan laporan yang terlihat sebagai PDF dan CSV</source>
      <translation>save the report as seen, as PDF and CSV</translation>
    </message>
  </context>
  <context>
    <name>ResultList</name>
    <message>
      <source>%1 halaman %2</source>
      <translation>%1 page %2</translation>
    </message>
    <message>
      <source>Berkas yang baru diambil</source>
      <translation>Files just taken in</translation>
    </message>
    <message>
      <source>Hasil</source>
      <translation>Result</translation>
    </message>
    <message>
      <source>Keterangan</source>
      <translation>Remark</translation>
    </message>
    <message>
      <source>disisihkan</source>
      <translation>set aside</translation>
    </message>
    <message>
      <source>ditolak</source>
      <translation>refused</translation>
    </message>
    <message>
      <source>kotak masuk</source>
      <translation>inbox</translation>
    </message>
    <message>
      <source>lembar sampul</source>
      <translation>cover sheet</translation>
    </message>
    <message>
      <source>masuk</source>
      <translation>taken in</translation>
    </message>
    <message>
      <source>sudah ada</source>
      <translation>known already</translation>
    </message>
  </context>
  <context>
    <name>RuleHelpDialog</name>
    <message>
      <source>Penjelasan aturan</source>
      <translation>About this rule</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>gulir</source>
      <translation>scroll</translation>
    </message>
    <message>
      <source>tutup</source>
      <translation>close</translation>
    </message>
  </context>
  <context>
    <name>SavedFilters</name>
    <message>
      <source>Ctrl+S menyimpan saringan yang sedang dipakai</source>
      <translation>Ctrl+S saves the filter in use</translation>
    </message>
    <message>
      <source>Hapus saringan</source>
      <translation>Delete the filter</translation>
    </message>
    <message>
      <source>Hapus “%1”</source>
      <translation>Delete “%1”</translation>
    </message>
    <message>
      <source>Nama saringan</source>
      <translation>Name of the filter</translation>
    </message>
    <message>
      <source>Perlu saya</source>
      <translation>Needs me</translation>
    </message>
    <message>
      <source>Saringan disimpan. F3, lalu angkanya, membukanya lagi.</source>
      <translation>Filter saved. F3, then its digit, opens it again.</translation>
    </message>
    <message>
      <source>Saringan saya  F3</source>
      <translation>My filters  F3</translation>
    </message>
    <message>
      <source>Saringan “%1” dihapus.</source>
      <translation>Filter “%1” was deleted.</translation>
    </message>
    <message>
      <source>Semua formulir</source>
      <translation>All forms</translation>
    </message>
    <message>
      <source>Simpan</source>
      <translation>Save</translation>
    </message>
    <message>
      <source>Simpan saringan  Ctrl+S</source>
      <translation>Save the filter  Ctrl+S</translation>
    </message>
    <message>
      <source>Simpan saringan ini dengan nama:</source>
      <translation>Save this filter under the name:</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
    <message>
      <source>Urungkan  Ctrl+Z</source>
      <translation>Undo  Ctrl+Z</translation>
    </message>
  </context>
  <context>
    <name>Saves</name>
    <message>
      <source>Disk belum selesai menyimpan isian ini.</source>
      <translation>The disk has not finished keeping this value.</translation>
    </message>
    <message>
      <source>Isian terakhir BELUM tersimpan di disk. %1 Angka tetap di layar dan dicoba lagi; jangan tutup program.</source>
      <translation>The last values are NOT on disk yet. %1 They stay on screen and are tried again; do not close the program.</translation>
    </message>
    <message>
      <source>Tunggu sebentar, lalu tekan Enter lagi.</source>
      <translation>Wait a moment, then press Enter again.</translation>
    </message>
  </context>
  <context>
    <name>SearchDialog</name>
    <message numerus="yes">
      <source>%n TPS ditemukan</source>
      <translation>
        <numerusform>%n TPS found</numerusform>
        <numerusform>%n TPS found</numerusform>
      </translation>
    </message>
    <message>
      <source>Cari TPS</source>
      <translation>Find TPS</translation>
    </message>
    <message>
      <source>Kec.</source>
      <translation>Kec.</translation>
    </message>
    <message>
      <source>Ketik nomor TPS, nama desa, atau kode.</source>
      <translation>Type a TPS number, a desa or a code.</translation>
    </message>
    <message>
      <source>TPS yang ditemukan</source>
      <translation>TPS found</translation>
    </message>
    <message>
      <source>Tidak ada TPS dengan nomor atau nama itu. Periksa ejaan nama desa.</source>
      <translation>No TPS has that number or name. Check the spelling of the desa.</translation>
    </message>
    <message>
      <source>buka</source>
      <translation>open</translation>
    </message>
    <message>
      <source>nomor TPS dan desa, misalnya: 1 cileunyi kulon</source>
      <translation>TPS number and desa, for instance: 1 cileunyi kulon</translation>
    </message>
    <message>
      <source>pilih</source>
      <translation>choose</translation>
    </message>
    <message>
      <source>tutup</source>
      <translation>close</translation>
    </message>
  </context>
  <context>
    <name>SecondReadingPage</name>
    <message>
      <source>%1 formulir berbeda: kotak demi kotak (F5)</source>
      <translation>%1 differing forms: box by box (F5)</translation>
    </message>
    <message>
      <source>Entri kedua</source>
      <translation>Second reading</translation>
    </message>
    <message>
      <source>Selesai. Tidak ada lagi formulir yang menunggu Anda sebagai pembaca kedua.</source>
      <translation>Done. No form waits for you as second reader.</translation>
    </message>
    <message>
      <source>kotak yang berbeda, kotak demi kotak dari formulir mana pun</source>
      <translation>the differing boxes, one after the other from whichever form</translation>
    </message>
  </context>
  <context>
    <name>Section</name>
    <message>
      <source>Tersimpan.</source>
      <translation>Saved.</translation>
    </message>
  </context>
  <context>
    <name>SendingRow</name>
    <message>
      <source>%1 kbit/s</source>
      <translation>%1 kbit/s</translation>
    </message>
    <message>
      <source>&amp;Batas kecepatan</source>
      <translation>Speed &amp;limit</translation>
    </message>
    <message>
      <source>Gambar dikirim antara pukul</source>
      <translation>Images are sent between</translation>
    </message>
    <message>
      <source>Gambar dikirim kapan saja, sesudah angka.</source>
      <translation>Images are sent at any time, after the numbers.</translation>
    </message>
    <message>
      <source>Gambar hanya dikirim pukul %1; angka tetap dikirim.</source>
      <translation>Images are sent only at %1; numbers always go.</translation>
    </message>
    <message>
      <source>Kirim &amp;gambar</source>
      <translation>Send &amp;images</translation>
    </message>
    <message>
      <source>hanya pukul</source>
      <translation>only between</translation>
    </message>
    <message>
      <source>kapan saja</source>
      <translation>at any time</translation>
    </message>
    <message>
      <source>tanpa batas</source>
      <translation>no limit</translation>
    </message>
  </context>
  <context>
    <name>ServerSection</name>
    <message>
      <source>Akun KPU RI</source>
      <translation>KPU RI account</translation>
    </message>
    <message>
      <source>Akun di %1. Kode baru mendaftarkan PC ini kembali; berkas baru mengganti kunci KPU RI.</source>
      <translation>Account at %1. A new code enrols this PC again; a new file replaces the keys of KPU RI.</translation>
    </message>
    <message>
      <source>Belum ada akun. Entri, pindai dan verifikasi tetap berjalan; semua menunggu di antrean.</source>
      <translation>No account yet. Keying, scanning and verifying go on; everything waits in the queue.</translation>
    </message>
    <message>
      <source>Berkas penyiapan</source>
      <translation>Set-up file</translation>
    </message>
    <message>
      <source>Daftarkan ulang</source>
      <translation>Enrol again</translation>
    </message>
    <message>
      <source>Hanya koordinator dapat menghubungkan akun.</source>
      <translation>Only a coordinator can connect the account.</translation>
    </message>
    <message>
      <source>Hubungkan</source>
      <translation>Connect</translation>
    </message>
    <message>
      <source>Isi berkas penyiapan dan kode sekali pakai.</source>
      <translation>Fill in the set-up file and the one-time code.</translation>
    </message>
    <message>
      <source>Kode sekali pakai</source>
      <translation>One-time code</translation>
    </message>
    <message>
      <source>Menghubungi KPU RI…</source>
      <translation>Calling KPU RI…</translation>
    </message>
    <message>
      <source>Pilih…</source>
      <translation>Choose…</translation>
    </message>
    <message>
      <source>berkas yang diberikan KPU RI</source>
      <translation>the file KPU RI gave you</translation>
    </message>
  </context>
  <context>
    <name>SettingsPage</name>
    <message>
      <source>Bagian pengaturan</source>
      <translation>Sections of the settings</translation>
    </message>
    <message>
      <source>Pengaturan</source>
      <translation>Settings</translation>
    </message>
    <message>
      <source>Semua berlaku untuk tempat kerja ini dan tersimpan seketika.</source>
      <translation>All of it holds for this workplace and is saved at once.</translation>
    </message>
    <message>
      <source>ke isian bagian itu</source>
      <translation>to the fields of that section</translation>
    </message>
    <message>
      <source>pilih bagian</source>
      <translation>choose a section</translation>
    </message>
  </context>
  <context>
    <name>SideBySide</name>
    <message>
      <source>%1 dari %2 kotak berbeda.  F3: semua kotak</source>
      <translation>%1 of %2 boxes differ.  F3: all boxes</translation>
    </message>
    <message>
      <source>BEDA</source>
      <translation>DIFFERS</translation>
    </message>
    <message>
      <source>Di sini</source>
      <translation>Here</translation>
    </message>
    <message>
      <source>Di sini dan di %1</source>
      <translation>Here and at %1</translation>
    </message>
    <message>
      <source>Hasil</source>
      <translation>Result</translation>
    </message>
    <message>
      <source>Isian</source>
      <translation>Field</translation>
    </message>
    <message>
      <source>Kode</source>
      <translation>Code</translation>
    </message>
    <message>
      <source>Semua %2 kotak; %1 berbeda.  F3: yang berbeda saja</source>
      <translation>All %2 boxes; %1 differ.  F3: only those that differ</translation>
    </message>
    <message>
      <source>kosong</source>
      <translation>blank</translation>
    </message>
    <message>
      <source>sama</source>
      <translation>same</translation>
    </message>
    <message>
      <source>tak terbaca</source>
      <translation>unreadable</translation>
    </message>
    <message>
      <source>tidak ada</source>
      <translation>absent</translation>
    </message>
  </context>
  <context>
    <name>SignInPanel</name>
    <message>
      <source>Masuk</source>
      <translation>Sign in</translation>
    </message>
    <message>
      <source>Nama</source>
      <translation>Name</translation>
    </message>
    <message>
      <source>PIN</source>
      <translation>PIN</translation>
    </message>
    <message>
      <source>Pilih nama Anda, lalu ketik PIN. Semua pekerjaan tersimpan; tidak ada yang hilang.</source>
      <translation>Choose your name, then type your PIN. All work is kept; nothing is lost.</translation>
    </message>
    <message>
      <source>Siapa yang bekerja di sini?</source>
      <translation>Who works here?</translation>
    </message>
    <message>
      <source>bantuan</source>
      <translation>help</translation>
    </message>
    <message>
      <source>lanjut</source>
      <translation>next</translation>
    </message>
    <message>
      <source>pilih nama</source>
      <translation>choose a name</translation>
    </message>
  </context>
  <context>
    <name>SlipsDialog</name>
    <message>
      <source>Dari %1 kotak yang diketik, %2 berbeda dari kertas latihan. Pilih satu untuk melihat kertasnya.</source>
      <translation>Of %1 boxes keyed, %2 differ from the practice paper. Choose one to see its paper.</translation>
    </message>
    <message>
      <source>Dari %1 kotak yang diketik, tidak ada yang berbeda dari kertas latihan.</source>
      <translation>Of %1 boxes keyed, none differs from the practice paper.</translation>
    </message>
    <message>
      <source>Di kertas</source>
      <translation>On paper</translation>
    </message>
    <message>
      <source>Diketik</source>
      <translation>Keyed</translation>
    </message>
    <message>
      <source>Kotak</source>
      <translation>Box</translation>
    </message>
    <message>
      <source>Oleh</source>
      <translation>By</translation>
    </message>
    <message>
      <source>Salah ketik latihan</source>
      <translation>Practice slips</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Tutup</source>
      <translation>Close</translation>
    </message>
  </context>
  <context>
    <name>StationRow</name>
    <message>
      <source>Nomor TPS di kertas</source>
      <translation>TPS number on the paper</translation>
    </message>
    <message>
      <source>Nomor TPS yang tertulis di kertas</source>
      <translation>The TPS number written on the paper</translation>
    </message>
  </context>
  <context>
    <name>StationsSection</name>
    <message>
      <source>%1 %2 ditambahkan.</source>
      <translation>%1 %2 was added.</translation>
    </message>
    <message>
      <source>Buka pemungutan ulang</source>
      <translation>Open the repeated vote</translation>
    </message>
    <message>
      <source>DPT harus berupa angka, atau kosong bila belum diketahui.</source>
      <translation>DPT must be a number, or empty while not known.</translation>
    </message>
    <message>
      <source>DPT laki-laki</source>
      <translation>DPT, men</translation>
    </message>
    <message>
      <source>DPT perempuan</source>
      <translation>DPT, women</translation>
    </message>
    <message>
      <source>Daftar TPS</source>
      <translation>List of TPS</translation>
    </message>
    <message>
      <source>Formulir pemungutan yang lama tetap terlihat dan tidak lagi dijumlahkan.</source>
      <translation>The form of the earlier vote stays visible and leaves the totals.</translation>
    </message>
    <message>
      <source>Hanya koordinator dapat mengubah daftar TPS.</source>
      <translation>Only a coordinator can change the list of TPS.</translation>
    </message>
    <message>
      <source>Kode TPS (13 angka)</source>
      <translation>TPS code (13 digits)</translation>
    </message>
    <message>
      <source>Kode TPS yang diulang</source>
      <translation>Code of the TPS that votes again</translation>
    </message>
    <message>
      <source>Pemungutan ke-%2 untuk %1 dibuka.</source>
      <translation>Vote no. %2 of %1 is open.</translation>
    </message>
    <message>
      <source>Pemungutan ulang (PSU)</source>
      <translation>Repeated vote (PSU)</translation>
    </message>
    <message>
      <source>TPS yang baru dikenal hari itu. Desanya harus sudah ada di daftar.</source>
      <translation>A TPS made known on the day. Its desa must be in the list.</translation>
    </message>
    <message>
      <source>Tambahkan TPS</source>
      <translation>Add the TPS</translation>
    </message>
  </context>
  <context>
    <name>StatusBar</name>
    <message>
      <source>Bantuan</source>
      <translation>Help</translation>
    </message>
    <message>
      <source>Cari TPS</source>
      <translation>Find TPS</translation>
    </message>
  </context>
  <context>
    <name>TopBar</name>
    <message>
      <source>%1. Ganti orang: F9</source>
      <translation>%1. Change person: F9</translation>
    </message>
    <message numerus="yes">
      <source>%n pemberitahuan</source>
      <translation>
        <numerusform>%n notice</numerusform>
        <numerusform>%n notices</numerusform>
      </translation>
    </message>
    <message numerus="yes">
      <source>%n pemberitahuan belum dibaca. Buka Beranda</source>
      <translation>
        <numerusform>%n unread notice. Open Home</numerusform>
        <numerusform>%n unread notices. Open Home</numerusform>
      </translation>
    </message>
    <message>
      <source>Ganti orang (F9): angka disembunyikan seketika</source>
      <translation>Change person (F9): numbers vanish at once</translation>
    </message>
    <message>
      <source>LATIHAN</source>
      <translation>PRACTICE</translation>
    </message>
  </context>
  <context>
    <name>VerdictView</name>
    <message>
      <source>%1 kotak berbeda antara di sini dan KPU RI</source>
      <translation>%1 boxes differ between here and KPU RI</translation>
    </message>
    <message>
      <source>Alasan tidak sesuai</source>
      <translation>Why it does not match</translation>
    </message>
    <message>
      <source>Apa yang tidak sesuai dengan C1? Lalu Enter</source>
      <translation>What does not match the C1? Then Enter</translation>
    </message>
    <message>
      <source>Beda di %1</source>
      <translation>Differs in %1</translation>
    </message>
    <message>
      <source>F2: ke temuan; 1-4 memberi alasan bila kertas memang demikian.</source>
      <translation>F2: to the findings; 1-4 give the reason when the paper says so.</translation>
    </message>
    <message>
      <source>KPU RI memegang angka lain (%1 kotak). Bandingkan keduanya dengan C1, lalu Koreksi.</source>
      <translation>KPU RI holds other numbers (%1 boxes). Compare both with the C1, then correct.</translation>
    </message>
    <message>
      <source>KPU RI menolak angka ini. Koreksi, tarik, atau kirim lagi dari Antrean.</source>
      <translation>KPU RI rejected these numbers. Correct, withdraw, or send again from the queue.</translation>
    </message>
    <message>
      <source>Koreksi dikerjakan operator entri atau koordinator.</source>
      <translation>Corrections are made by a keying operator or the coordinator.</translation>
    </message>
    <message>
      <source>Per&amp;baiki</source>
      <translation>&amp;Mend</translation>
    </message>
    <message>
      <source>Semua kotak sama. Bandingkan dengan C1.</source>
      <translation>All boxes are equal. Compare with the C1.</translation>
    </message>
    <message>
      <source>Sesuai dengan C1</source>
      <translation>As on the C1</translation>
    </message>
    <message>
      <source>Tidak sesuai…</source>
      <translation>Not as on the C1…</translation>
    </message>
    <message>
      <source>beda berikutnya</source>
      <translation>next difference</translation>
    </message>
    <message>
      <source>daftar</source>
      <translation>list</translation>
    </message>
    <message>
      <source>koreksi</source>
      <translation>correct</translation>
    </message>
    <message>
      <source>seluruh halaman</source>
      <translation>whole page</translation>
    </message>
    <message>
      <source>sesuai</source>
      <translation>matches</translation>
    </message>
    <message>
      <source>tidak sesuai</source>
      <translation>does not match</translation>
    </message>
  </context>
  <context>
    <name>VerificationPage</name>
    <message>
      <source> · %4 pertama ditampilkan</source>
      <translation> · the first %4 are shown</translation>
    </message>
    <message>
      <source>%1 dikembalikan KPU RI · %2 identik · %3 tidak cocok</source>
      <translation>%1 returned by KPU RI · %2 identical · %3 different</translation>
    </message>
    <message>
      <source>%1 formulir dikonfirmasi.</source>
      <translation>%1 forms confirmed.</translation>
    </message>
    <message>
      <source>%1 identik - Konfirmasi semua</source>
      <translation>%1 identical - confirm all</translation>
    </message>
    <message>
      <source>%1 identik tidak ikut sekaligus: %2</source>
      <translation>%1 identical ones not in the batch: %2</translation>
    </message>
    <message>
      <source>%1 tidak ikut: %2</source>
      <translation>%1 left out: %2</translation>
    </message>
    <message>
      <source>Sebab lain (%1)</source>
      <translation>Other reasons (%1)</translation>
    </message>
    <message>
      <source>Sesuai: dicatat.</source>
      <translation>Matches: noted.</translation>
    </message>
    <message>
      <source>Tidak sesuai: dicatat dan dikirim.</source>
      <translation>Does not match: noted and sent.</translation>
    </message>
    <message>
      <source>Verifikasi</source>
      <translation>Verification</translation>
    </message>
    <message>
      <source>daftar berikutnya; di dalam formulir: semua kotak</source>
      <translation>next list; inside a form: all boxes</translation>
    </message>
    <message>
      <source>ke temuan; 1-4 memberi alasan</source>
      <translation>to the findings; 1-4 give the reason</translation>
    </message>
    <message>
      <source>kembali ke daftar</source>
      <translation>back to the list</translation>
    </message>
    <message>
      <source>koreksi: hanya kotak yang salah</source>
      <translation>correction: the wrong boxes only</translation>
    </message>
    <message>
      <source>membuka perbandingan; di dalamnya: beda berikutnya</source>
      <translation>open the comparison; inside: next difference</translation>
    </message>
    <message>
      <source>mengonfirmasi yang identik dan ditampilkan; di dalam formulir: pindahkan</source>
      <translation>confirms the identical ones that are shown; inside a form: move</translation>
    </message>
    <message>
      <source>seluruh halaman dan kembali</source>
      <translation>whole page and back</translation>
    </message>
    <message>
      <source>sesuai dengan C1</source>
      <translation>as on the C1</translation>
    </message>
    <message>
      <source>tidak sesuai dengan C1, dengan alasan</source>
      <translation>not as on the C1, with a reason</translation>
    </message>
  </context>
  <context>
    <name>WithdrawDialog</name>
    <message>
      <source>%1 ditarik.</source>
      <translation>%1 withdrawn.</translation>
    </message>
    <message>
      <source>Di sini: %1 kosong dan menunggu dientri lagi; gambarnya tetap.</source>
      <translation>Here: %1 is empty and waits to be keyed again; its images stay.</translation>
    </message>
    <message>
      <source>KPU RI: angkanya ditarik. Situs publik: %1 kosong.</source>
      <translation>KPU RI: its numbers are withdrawn. Public site: %1 is empty.</translation>
    </message>
    <message>
      <source>Membatalkan: entri lagi; angka yang ditarik tetap ada di riwayat.</source>
      <translation>To undo: key it again; what was withdrawn stays in the history.</translation>
    </message>
    <message>
      <source>Tarik</source>
      <translation>Withdraw</translation>
    </message>
  </context>
  <context>
    <name>WorkList</name>
    <message>
      <source>%1 dari %2 halaman</source>
      <translation>%1 of %2 pages</translation>
    </message>
    <message>
      <source>%1 dari %2 kotak</source>
      <translation>%1 of %2 boxes</translation>
    </message>
    <message>
      <source>%1 formulir menunggu Anda.</source>
      <translation>%1 forms wait for you.</translation>
    </message>
    <message>
      <source>Ambil alih</source>
      <translation>Take over</translation>
    </message>
    <message>
      <source>Ambil alih? Kedua nama dicatat, dan keduanya tidak dapat menjadi pembaca kedua formulir ini.</source>
      <translation>Take over? Both names are noted, and neither can second-read this form.</translation>
    </message>
    <message>
      <source>Belum selesai: dijeda oleh Anda</source>
      <translation>Not finished: paused by you</translation>
    </message>
    <message>
      <source>Berbeda: menunggu koordinator</source>
      <translation>Differs: waits for the coordinator</translation>
    </message>
    <message>
      <source>Berbeda: menunggu orang ketiga</source>
      <translation>Differs: waits for a third person</translation>
    </message>
    <message>
      <source>Desa/kelurahan</source>
      <translation>Desa/kelurahan</translation>
    </message>
    <message>
      <source>Formulir ini sedang dientri %1 sejak %2.</source>
      <translation>%1 has been keying this form since %2.</translation>
    </message>
    <message>
      <source>Formulir muncul begitu diterima atau dipindai.</source>
      <translation>Forms appear as soon as they are received or scanned.</translation>
    </message>
    <message>
      <source>Formulir muncul setelah orang lain menyelesaikan entri sebelumnya.</source>
      <translation>Forms appear after somebody else has finished the reading before.</translation>
    </message>
    <message>
      <source>Halaman %1 belum ada</source>
      <translation>Page %1 has not come</translation>
    </message>
    <message>
      <source>Halaman %1 menunggu entri</source>
      <translation>Page %1 waits to be keyed</translation>
    </message>
    <message>
      <source>Hapus kata pencarian, atau pilih semua kecamatan.</source>
      <translation>Clear the search words, or choose all kecamatan.</translation>
    </message>
    <message>
      <source>Jangan</source>
      <translation>Do not</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Kecamatan</source>
      <translation>Kecamatan</translation>
    </message>
    <message>
      <source>Menunggu entri</source>
      <translation>Waits for keying</translation>
    </message>
    <message>
      <source>Menunggu entri kedua</source>
      <translation>Waits for second reading</translation>
    </message>
    <message>
      <source>Pindaian</source>
      <translation>Scan</translation>
    </message>
    <message>
      <source>Sedang dientri %1</source>
      <translation>Being keyed by %1</translation>
    </message>
    <message>
      <source>TPS</source>
      <translation>TPS</translation>
    </message>
    <message>
      <source>Tidak ada yang cocok</source>
      <translation>Nothing matches</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu di sini</source>
      <translation>Nothing waits here</translation>
    </message>
    <message>
      <source>Umur</source>
      <translation>Age</translation>
    </message>
    <message>
      <source>belum ada pindaian</source>
      <translation>no scan yet</translation>
    </message>
    <message>
      <source>buka</source>
      <translation>open</translation>
    </message>
    <message>
      <source>buka lagi yang terakhir</source>
      <translation>reopen the last one</translation>
    </message>
    <message>
      <source>cari</source>
      <translation>find</translation>
    </message>
  </context>
  <context>
    <name>WorkSection</name>
    <message>
      <source>Angka dikirim</source>
      <translation>Numbers are sent</translation>
    </message>
    <message>
      <source>Entri dan pengiriman</source>
      <translation>Keying and sending</translation>
    </message>
    <message>
      <source>Keduanya aman: yang dipublikasikan selalu sudah dibaca dua orang dan diverifikasi. Segera dikirim berarti KPU RI menerima angka beberapa jam lebih awal.</source>
      <translation>Both are safe: what is made public was always read by two people and verified. Sending at once means KPU RI has the numbers hours earlier.</translation>
    </message>
    <message>
      <source>segera setelah entri pertama selesai</source>
      <translation>as soon as the first reading is finished</translation>
    </message>
    <message>
      <source>setelah entri kedua cocok</source>
      <translation>after the second reading agrees</translation>
    </message>
  </context>
  <context>
    <name>WorkplaceSection</name>
    <message>
      <source>CSV tersimpan.</source>
      <translation>The CSV was saved.</translation>
    </message>
    <message>
      <source>Cadangan: salin seluruh folder data ke disk kedua saat pergantian regu, dengan program tertutup. Yang sudah diterima KPU RI dapat diambil kembali; yang belum dikirim hanya ada di sini.</source>
      <translation>Backup: copy the whole data folder to a second disk at the change of shift, with the program closed. What KPU RI has can be fetched again; what was not sent is only here.</translation>
    </message>
    <message>
      <source>Folder data</source>
      <translation>Data folder</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>Komputer ini</source>
      <translation>This computer</translation>
    </message>
    <message>
      <source>Pemilihan</source>
      <translation>Election</translation>
    </message>
    <message>
      <source>Simpan CSV</source>
      <translation>Save CSV</translation>
    </message>
    <message>
      <source>Simpan semua angka sebagai CSV…</source>
      <translation>Save all numbers as CSV…</translation>
    </message>
    <message>
      <source>Situs publik latihan</source>
      <translation>Public practice site</translation>
    </message>
    <message>
      <source>Tempat kerja</source>
      <translation>Workplace</translation>
    </message>
    <message>
      <source>Wilayah</source>
      <translation>Area</translation>
    </message>
  </context>
  <context>
    <name>_Dialog</name>
    <message>
      <source>Alasan</source>
      <translation>Reason</translation>
    </message>
    <message>
      <source>Alasan belum diisi.</source>
      <translation>There is no reason yet.</translation>
    </message>
    <message>
      <source>Alasan; ikut ke KPU RI dan ke riwayat</source>
      <translation>Reason; it goes to KPU RI and into the history</translation>
    </message>
  </context>
  <context>
    <name>app</name>
    <message>
      <source>Ada kesalahan program. Yang sudah Anda ketik tersimpan. Ulangi langkah terakhir; jika terulang, laporkan isi folder log.</source>
      <translation>The program made a mistake. What you typed is kept. Repeat the last step; if it happens again, report the log folder.</translation>
    </message>
  </context>
  <context>
    <name>bundle</name>
    <message>
      <source>Bagian %1 dari %2: %3; %4 baru di sini.</source>
      <translation>Part %1 of %2: %3; %4 new here.</translation>
    </message>
    <message>
      <source>Berkas ini untuk KPU RI; PC yang terhubung dapat meneruskannya.</source>
      <translation>This file is for KPU RI; a PC with a line can forward it.</translation>
    </message>
    <message>
      <source>Bundel kabupaten/kota</source>
      <translation>A district's bundle</translation>
    </message>
    <message>
      <source>Ditandatangani PC %1, belum diperiksa KPU RI.</source>
      <translation>Signed by PC %1, not yet checked by KPU RI.</translation>
    </message>
    <message>
      <source>Jawaban KPU RI</source>
      <translation>KPU RI's answer</translation>
    </message>
    <message>
      <source>Tanda tangan cocok.</source>
      <translation>The signature is right.</translation>
    </message>
    <message>
      <source>angka</source>
      <translation>numbers</translation>
    </message>
    <message>
      <source>daftar orang</source>
      <translation>list of people</translation>
    </message>
    <message>
      <source>gambar</source>
      <translation>images</translation>
    </message>
    <message>
      <source>kabar</source>
      <translation>news</translation>
    </message>
    <message>
      <source>penarikan</source>
      <translation>withdrawals</translation>
    </message>
    <message>
      <source>putusan</source>
      <translation>verdicts</translation>
    </message>
  </context>
  <context>
    <name>format</name>
    <message>
      <source>%1 detik</source>
      <translation>%1 s</translation>
    </message>
    <message>
      <source>%1 hari %2 jam</source>
      <translation>%1 d %2 h</translation>
    </message>
    <message>
      <source>%1 jam %2 mnt</source>
      <translation>%1 h %2 min</translation>
    </message>
    <message>
      <source>%1 mnt</source>
      <translation>%1 min</translation>
    </message>
    <message>
      <source>dalam %1 detik</source>
      <translation>in %1 s</translation>
    </message>
    <message>
      <source>sekarang</source>
      <translation>now</translation>
    </message>
  </context>
  <context>
    <name>forms</name>
    <message>
      <source>%1, versi %2. %3 halaman, %4 kotak, %5 pemeriksaan. Dibaca %6. Berlaku untuk: %7.</source>
      <translation>%1, version %2. %3 pages, %4 boxes, %5 checks. Read by %6. Applies to: %7.</translation>
    </message>
    <message>
      <source>Contoh, tidak disimpan</source>
      <translation>Example, not saved</translation>
    </message>
    <message>
      <source>Contoh: %1</source>
      <translation>Example: %1</translation>
    </message>
    <message>
      <source>Dari setiap TPS: %1 angka sekali baca, %2 angka oleh semua pembaca.</source>
      <translation>From every polling station: %1 numbers in one reading, %2 numbers by all readers.</translation>
    </message>
    <message>
      <source>Diam selama %1 berbunyi.</source>
      <translation>Silent while %1 speaks.</translation>
    </message>
    <message>
      <source>Dibaca oleh</source>
      <translation>Read by</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Form</translation>
    </message>
    <message>
      <source>KPU RI baru mempublikasikannya setelah dibaca dua orang.</source>
      <translation>KPU RI publishes it only once two people have read it.</translation>
    </message>
    <message>
      <source>Kalimatnya, dengan contoh</source>
      <translation>Its sentence, with an example</translation>
    </message>
    <message>
      <source>Kesalahan</source>
      <translation>Faults</translation>
    </message>
    <message>
      <source>Kode</source>
      <translation>Code</translation>
    </message>
    <message>
      <source>Kotak</source>
      <translation>Box</translation>
    </message>
    <message>
      <source>Pemeriksaan</source>
      <translation>Checks</translation>
    </message>
    <message>
      <source>Pilih paling sedikit satu formulir.</source>
      <translation>Choose at least one form.</translation>
    </message>
    <message>
      <source>Profil</source>
      <translation>Profile</translation>
    </message>
    <message>
      <source>Surat suara</source>
      <translation>Ballot</translation>
    </message>
    <message>
      <source>Tingkat</source>
      <translation>Severity</translation>
    </message>
    <message>
      <source>Yang dientri</source>
      <translation>What is keyed</translation>
    </message>
    <message>
      <source>catatan</source>
      <translation>note</translation>
    </message>
    <message>
      <source>dua orang</source>
      <translation>two people</translation>
    </message>
    <message>
      <source>kertas</source>
      <translation>paper</translation>
    </message>
    <message>
      <source>kertas: isi kertas saling bertentangan; peringatan: tidak biasa. Keduanya diterima dengan alasan. catatan: hanya diberitahukan.</source>
      <translation>paper: the paper contradicts itself; warning: unusual. Both are accepted with a reason. note: only told.</translation>
    </message>
    <message>
      <source>kosong</source>
      <translation>blank</translation>
    </message>
    <message>
      <source>pembaca</source>
      <translation>readers</translation>
    </message>
    <message>
      <source>peringatan</source>
      <translation>warning</translation>
    </message>
    <message>
      <source>satu orang</source>
      <translation>one person</translation>
    </message>
    <message>
      <source>semua TPS</source>
      <translation>all polling stations</translation>
    </message>
    <message>
      <source>tidak terbaca</source>
      <translation>unreadable</translation>
    </message>
    <message>
      <source>yang dientri</source>
      <translation>what is keyed</translation>
    </message>
    <message>
      <source>■ %1 tidak dapat dipakai: %2 kesalahan. Perbaiki berkasnya, lalu buka lagi.</source>
      <translation>■ %1 cannot be used: %2 faults. Mend the file, then open it again.</translation>
    </message>
    <message>
      <source>▲ %1 dibaca satu orang: salah ketik yang tidak merusak jumlah tidak terlihat. Tanda “satu orang” tetap.</source>
      <translation>▲ %1 read by one person: a slip that breaks no sum is not seen. The mark “one person” stays.</translation>
    </message>
  </context>
  <context>
    <name>guide</name>
    <message>
      <source>Buka</source>
      <translation>Open</translation>
    </message>
    <message>
      <source>Buka Antrean (Ctrl+6), tekan F6: pengiriman dijeda. Bacalah apa yang menunggu, dan mengapa.</source>
      <translation>Open Queue (Ctrl+6), press F6: sending is paused. Read what waits, and why.</translation>
    </message>
    <message>
      <source>Buka Entri (Ctrl+3), pilih %1, ketik angkanya dari pindaian; Enter setelah setiap kotak.</source>
      <translation>Open Keying (Ctrl+3), choose %1, key its numbers from the scan; Enter after every box.</translation>
    </message>
    <message>
      <source>Buka Entri kedua (Ctrl+4) dan baca salah satu formulir tadi; entri pertama tidak terlihat.</source>
      <translation>Open Second reading (Ctrl+4) and read one of those forms; the first reading is not seen.</translation>
    </message>
    <message>
      <source>Entri %1: jumlahnya salah di kertas. Ketik yang tertulis; pada temuan tekan 1.</source>
      <translation>Key %1: its sum is wrong on the paper. Key what is written; at the finding press 1.</translation>
    </message>
    <message>
      <source>Entri %1: satu kotak tidak terbaca; ketik * di kotak itu.</source>
      <translation>Key %1: one box cannot be read; type * in it.</translation>
    </message>
    <message>
      <source>Entri %1: yang kosong di kertas diketik dengan tanda -, bukan 0.</source>
      <translation>Key %1: what is blank on the paper is keyed as -, not 0.</translation>
    </message>
    <message>
      <source>Jalan latihan selesai. Lihat di mana ketikan Anda berbeda dari kertas.</source>
      <translation>The practice path is done. See where what you keyed differs from the paper.</translation>
    </message>
    <message>
      <source>Latihan %1/%2</source>
      <translation>Practice %1/%2</translation>
    </message>
    <message>
      <source>Lihat salah ketik…</source>
      <translation>See the slips…</translation>
    </message>
    <message>
      <source>Masuk sebagai Rina S. dengan PIN latihan yang tertulis di layar ini.</source>
      <translation>Sign in as Rina S. with the practice PIN written on this screen.</translation>
    </message>
    <message>
      <source>Mulai formulir berikutnya, isi beberapa kotak, lalu Esc: semua isian tersimpan.</source>
      <translation>Begin the next form, fill a few boxes, then Esc: all of it is kept.</translation>
    </message>
    <message>
      <source>Tekan F6 sekali lagi: pengiriman dilanjutkan.</source>
      <translation>Press F6 once more: sending goes on.</translation>
    </message>
    <message>
      <source>Tekan F9 dan masuk sebagai Dedi K.: angka tersembunyi seketika, isian Rina tetap tersimpan.</source>
      <translation>Press F9 and sign in as Dedi K.: numbers are hidden at once, Rina's boxes are kept.</translation>
    </message>
  </context>
  <context>
    <name>keying</name>
    <message>
      <source>%1 kotak dibuka lagi.</source>
      <translation>%1 boxes are open again.</translation>
    </message>
    <message>
      <source>%1 kotak kosong. Ctrl+Z membatalkan.</source>
      <translation>%1 boxes blank. Ctrl+Z takes it back.</translation>
    </message>
    <message>
      <source>%1: %2 kotak belum diisi. Enter di kotak terakhir kembali ke sana.</source>
      <translation>%1: %2 boxes not filled yet. Enter in the last box leads back there.</translation>
    </message>
    <message>
      <source>+ mengosongkan sisa daftar partai atau calon; di sini tidak berlaku. Kosong di kertas: -</source>
      <translation>+ calls the rest of a party's or candidates' list blank; it does nothing here. Blank on the paper: -</translation>
    </message>
    <message>
      <source>+ sisa kosong</source>
      <translation>+ rest blank</translation>
    </message>
    <message>
      <source>= hitung %1</source>
      <translation>= computed %1</translation>
    </message>
    <message>
      <source>Angka saja. Kosong di kertas: -   Tidak terbaca: *   Nol: 0</source>
      <translation>Digits only. Blank on the paper: -   Unreadable: *   Zero: 0</translation>
    </message>
    <message>
      <source>Belum ada halaman yang terisi semua.</source>
      <translation>No page is keyed to its end yet.</translation>
    </message>
    <message>
      <source>Belum ada pindaian · tata letak kertas</source>
      <translation>No scan yet · the paper's layout</translation>
    </message>
    <message>
      <source>Di sini hanya kotak yang berbeda: semua diisi.</source>
      <translation>Only differing boxes here: all of them are keyed.</translation>
    </message>
    <message>
      <source>Entri kedua</source>
      <translation>Second reading</translation>
    </message>
    <message>
      <source>Entri kedua: hanya yang berubah sejak Anda membacanya</source>
      <translation>Second reading: only what changed since you read it</translation>
    </message>
    <message>
      <source>Halaman %1 sudah dipindai: entri juga.</source>
      <translation>Page %1 is scanned: key it, too.</translation>
    </message>
    <message>
      <source>Isi dulu halaman yang sudah dimulai, sampai Enter di kotak terakhirnya.</source>
      <translation>First finish the page that was begun, up to Enter in its last box.</translation>
    </message>
    <message>
      <source>Koordinator menentukan kotak yang masih berbeda</source>
      <translation>The coordinator decides the boxes that still differ</translation>
    </message>
    <message>
      <source>Kotak belum diisi. Kosong di kertas: ketik -   Tidak terbaca: *   Nol: 0</source>
      <translation>Box not filled. Blank on the paper: type -   Unreadable: *   Zero: 0</translation>
    </message>
    <message>
      <source>Kotak ini tidak memuat lebih banyak angka. Hapus dulu dengan Backspace.</source>
      <translation>This box holds no more digits. Delete with Backspace first.</translation>
    </message>
    <message>
      <source>Num Lock mati: tekan Num Lock agar papan angka mengetik angka.</source>
      <translation>Num Lock is off: press it so that the number pad types numbers.</translation>
    </message>
    <message>
      <source>Partai %1 dari %2</source>
      <translation>Party %1 of %2</translation>
    </message>
    <message>
      <source>Pembaca ketiga: hanya kotak yang berbeda</source>
      <translation>Third reader: only the boxes that differ</translation>
    </message>
    <message>
      <source>Pindaian sedang dibuka…</source>
      <translation>Opening the scan…</translation>
    </message>
    <message>
      <source>Semua halaman sudah diisi.</source>
      <translation>All pages are keyed.</translation>
    </message>
    <message>
      <source>Sudah ada angka. Hapus dulu untuk menandai kosong (-) atau tidak terbaca (*).</source>
      <translation>There is a number. Delete it first to mark blank (-) or unreadable (*).</translation>
    </message>
    <message>
      <source>Tempelan diabaikan: angka diketik dari kertas.</source>
      <translation>Pasting is ignored: numbers are keyed from the paper.</translation>
    </message>
    <message>
      <source>Tersimpan. Halaman %1 belum ada: %2 kotak dientri bila halamannya datang. F2: buka lagi.</source>
      <translation>Kept. Page %1 has not come: %2 boxes are keyed when it does. F2: reopen.</translation>
    </message>
    <message>
      <source>Tidak ada daftar lagi ke arah itu.</source>
      <translation>There is no further list that way.</translation>
    </message>
    <message>
      <source>X adalah pengisi kotak. Ketik angkanya; bila semua kotak kosong, ketik -.</source>
      <translation>X fills a box. Type the number; if all boxes are blank, type -.</translation>
    </message>
    <message>
      <source>X atau - di depan angka adalah pengisi kotak: yang dipakai angkanya saja.</source>
      <translation>X or - before a number fills the box: only the number counts.</translation>
    </message>
    <message>
      <source>hitung</source>
      <translation>computed</translation>
    </message>
    <message>
      <source>sisa ± %1 mnt</source>
      <translation>± %1 min left</translation>
    </message>
    <message>
      <source>– kosong</source>
      <translation>– blank</translation>
    </message>
    <message>
      <source>… belum Enter</source>
      <translation>… Enter not pressed</translation>
    </message>
    <message>
      <source>∗ tak terbaca</source>
      <translation>∗ unreadable</translation>
    </message>
    <message>
      <source>▲ hitung %1</source>
      <translation>▲ computed %1</translation>
    </message>
  </context>
  <context>
    <name>lanes</name>
    <message>
      <source>Angka</source>
      <translation>Numbers</translation>
    </message>
    <message>
      <source>Cara</source>
      <translation>How</translation>
    </message>
    <message>
      <source>Coba lagi %1.</source>
      <translation>Next try %1.</translation>
    </message>
    <message>
      <source>Gambar</source>
      <translation>Images</translation>
    </message>
    <message>
      <source>Jalur</source>
      <translation>Lane</translation>
    </message>
    <message>
      <source>Jalur lambat: salinan hemat terkirim, gambar lengkap menyusul</source>
      <translation>Slow line: thrifty copies are sent, full images follow</translation>
    </message>
    <message>
      <source>Keadaan</source>
      <translation>State</translation>
    </message>
    <message>
      <source>Menunggu</source>
      <translation>Waiting</translation>
    </message>
    <message>
      <source>Menunggu giliran</source>
      <translation>Waiting its turn</translation>
    </message>
    <message>
      <source>Perkiraan</source>
      <translation>Estimate</translation>
    </message>
    <message>
      <source>Putusan</source>
      <translation>Verdicts</translation>
    </message>
    <message>
      <source>Salinan hemat dulu: jalur lambat</source>
      <translation>Thrifty copies first: the line is slow</translation>
    </message>
    <message>
      <source>Sedang dikirim: %1</source>
      <translation>Being sent: %1</translation>
    </message>
    <message>
      <source>Sisa</source>
      <translation>Left</translation>
    </message>
    <message>
      <source>Tidak ada yang menunggu</source>
      <translation>Nothing waits</translation>
    </message>
    <message>
      <source>belum diketahui</source>
      <translation>not known yet</translation>
    </message>
    <message>
      <source>dikirim lebih dulu</source>
      <translation>sent first</translation>
    </message>
    <message>
      <source>mulai %1</source>
      <translation>from %1</translation>
    </message>
    <message>
      <source>per paket · %1 sekaligus</source>
      <translation>in batches · %1 at once</translation>
    </message>
    <message>
      <source>sesudah angka · %1 sekaligus</source>
      <translation>after numbers · %1 at once</translation>
    </message>
    <message>
      <source>± %1 pada %2 Mbit/s</source>
      <translation>± %1 at %2 Mbit/s</translation>
    </message>
  </context>
  <context>
    <name>mending</name>
    <message>
      <source>&amp;Koreksi…</source>
      <translation>&amp;Correct…</translation>
    </message>
    <message>
      <source>&amp;Pindahkan atau tukar…</source>
      <translation>&amp;Move or exchange…</translation>
    </message>
    <message>
      <source>&amp;Tarik…</source>
      <translation>&amp;Withdraw…</translation>
    </message>
  </context>
  <context>
    <name>opening</name>
    <message>
      <source>Gambar %1 tidak dapat disimpan.</source>
      <translation>Picture %1 could not be saved.</translation>
    </message>
    <message>
      <source>Halaman yang diminta belum siap; gambar tidak disimpan.</source>
      <translation>The page that was asked for is not ready; no picture was saved.</translation>
    </message>
    <message>
      <source>Periksa folder dan hak aksesnya.</source>
      <translation>Check the folder and its permissions.</translation>
    </message>
    <message>
      <source>Ulangi bila komputer ini tidak sibuk.</source>
      <translation>Try again when this computer is not busy.</translation>
    </message>
  </context>
  <context>
    <name>pages</name>
    <message>
      <source>Antrean</source>
      <translation>Queue</translation>
    </message>
    <message>
      <source>Beranda</source>
      <translation>Home</translation>
    </message>
    <message>
      <source>Entri</source>
      <translation>Keying</translation>
    </message>
    <message>
      <source>Entri kedua</source>
      <translation>Second reading</translation>
    </message>
    <message>
      <source>Formulir</source>
      <translation>Forms</translation>
    </message>
    <message>
      <source>Laporan</source>
      <translation>Reports</translation>
    </message>
    <message>
      <source>Pengaturan</source>
      <translation>Settings</translation>
    </message>
    <message>
      <source>Pindai</source>
      <translation>Scanning</translation>
    </message>
    <message>
      <source>Verifikasi</source>
      <translation>Verification</translation>
    </message>
  </context>
  <context>
    <name>pages_in</name>
    <message>
      <source>Gambar kurang tajam. Bila angka sulit dibaca, pindai ulang.</source>
      <translation>The image is blurred. If numbers are hard to read, scan again.</translation>
    </message>
    <message>
      <source>Halaman dengan nomor ini sudah ada. Pilih mana yang benar.</source>
      <translation>There is already a page with this number. Choose the right one.</translation>
    </message>
    <message>
      <source>Halaman tampak kosong. Periksa sisi sebaliknya.</source>
      <translation>The page looks blank. Check its other side.</translation>
    </message>
    <message>
      <source>Halaman terlalu gelap. Bersihkan kaca pemindai atau kurangi kegelapan.</source>
      <translation>The page is too dark. Clean the glass or lower the darkness.</translation>
    </message>
    <message>
      <source>Lembar sangat miring. Bila ada tepi yang terpotong, pindai ulang.</source>
      <translation>The sheet is very skewed. If an edge is cut, scan again.</translation>
    </message>
    <message>
      <source>Pindaian asli</source>
      <translation>Original scan</translation>
    </message>
    <message>
      <source>Resolusi di bawah 150 dpi. Pindai ulang dengan 200 atau 300 dpi.</source>
      <translation>Below 150 dpi. Scan again at 200 or 300 dpi.</translation>
    </message>
    <message>
      <source>Set ini sudah lengkap; halaman ini berlebih.</source>
      <translation>This set is complete; the page is one too many.</translation>
    </message>
    <message>
      <source>Tata letak halaman tidak dikenali. Tentukan TPS dan halamannya sendiri.</source>
      <translation>The layout is not recognised. Say yourself which TPS and page it is.</translation>
    </message>
    <message>
      <source>Tata letaknya bukan halaman yang diharapkan. Periksa apakah lembar ini salah tempat.</source>
      <translation>The layout is not the page expected. Check whether the sheet is misplaced.</translation>
    </message>
    <message>
      <source>Urutan lembar tidak seperti biasanya.</source>
      <translation>The sheets are in an unusual order.</translation>
    </message>
    <message>
      <source>bukan halaman yang diharapkan</source>
      <translation>not the page expected</translation>
    </message>
    <message>
      <source>halaman ini sudah ada</source>
      <translation>this page is there already</translation>
    </message>
    <message>
      <source>kurang tajam</source>
      <translation>blurred</translation>
    </message>
    <message>
      <source>lembar berlebih</source>
      <translation>one sheet too many</translation>
    </message>
    <message>
      <source>resolusi rendah</source>
      <translation>low resolution</translation>
    </message>
    <message>
      <source>sangat miring</source>
      <translation>very skewed</translation>
    </message>
    <message>
      <source>sudah pernah dimasukkan</source>
      <translation>taken in before</translation>
    </message>
    <message>
      <source>tajam</source>
      <translation>sharp</translation>
    </message>
    <message>
      <source>tampak kosong</source>
      <translation>looks blank</translation>
    </message>
    <message>
      <source>tata letak tidak dikenali</source>
      <translation>layout not recognised</translation>
    </message>
    <message>
      <source>terlalu gelap</source>
      <translation>too dark</translation>
    </message>
    <message>
      <source>urutan tidak biasa</source>
      <translation>unusual order</translation>
    </message>
  </context>
  <context>
    <name>paper</name>
    <message>
      <source>Lembar tidak dapat dicetak atau disimpan: %1.</source>
      <translation>The sheet cannot be printed or saved: %1.</translation>
    </message>
    <message>
      <source>Periksa pencetak, folder dan hak aksesnya. Data tetap aman.</source>
      <translation>Check the printer, the folder and its permissions. The data are safe.</translation>
    </message>
  </context>
  <context>
    <name>people</name>
    <message>
      <source>entri – mengetik angka, entri kedua</source>
      <translation>entri – keys numbers, reads a second time</translation>
    </message>
    <message>
      <source>koordinator – mengatur orang, akun dan perselisihan</source>
      <translation>koordinator – people, accounts and disputes</translation>
    </message>
    <message>
      <source>penonton – hanya melihat</source>
      <translation>penonton – looks only</translation>
    </message>
    <message>
      <source>pindai – memindai lembar C1</source>
      <translation>pindai – scans C1 pages</translation>
    </message>
    <message>
      <source>verifikator – memeriksa kembalian KPU RI</source>
      <translation>verifikator – checks what KPU RI returns</translation>
    </message>
  </context>
  <context>
    <name>projector</name>
    <message>
      <source>%1 dari %2</source>
      <translation>%1 of %2</translation>
    </message>
    <message>
      <source>%1 formulir</source>
      <translation>%1 forms</translation>
    </message>
    <message>
      <source>%1 sejak %2</source>
      <translation>%1 since %2</translation>
    </message>
    <message>
      <source>%1, sudah %2. %3</source>
      <translation>%1, %2 old. %3</translation>
    </message>
    <message>
      <source>Data pukul %1</source>
      <translation>Data of %1</translation>
    </message>
    <message>
      <source>Di KPU RI</source>
      <translation>At KPU RI</translation>
    </message>
    <message>
      <source>Diterima</source>
      <translation>Received</translation>
    </message>
    <message>
      <source>Esc: keluar</source>
      <translation>Esc: leave</translation>
    </message>
    <message>
      <source>Kecamatan</source>
      <translation>Kecamatan</translation>
    </message>
    <message>
      <source>Paling lama terhenti</source>
      <translation>Stopped longest</translation>
    </message>
    <message>
      <source>Publik</source>
      <translation>Public</translation>
    </message>
    <message>
      <source>Tidak ada yang terhenti.</source>
      <translation>Nothing is stopped.</translation>
    </message>
    <message>
      <source>Tuntas</source>
      <translation>Read twice</translation>
    </message>
    <message>
      <source>belum ada</source>
      <translation>none yet</translation>
    </message>
    <message>
      <source>bukti terakhir</source>
      <translation>last receipt</translation>
    </message>
    <message>
      <source>di KPU RI per jam</source>
      <translation>to KPU RI per hour</translation>
    </message>
    <message>
      <source>dientri per jam</source>
      <translation>keyed per hour</translation>
    </message>
  </context>
  <context>
    <name>slip</name>
    <message>
      <source>Belum tuntas dibaca. Simpan terpisah dari kertas: pembaca berikutnya tidak boleh melihat angka ini.</source>
      <translation>Not read to the end. Keep apart from the paper: the next reader must not see these numbers.</translation>
    </message>
    <message>
      <source>Dibaca oleh</source>
      <translation>Read by</translation>
    </message>
    <message>
      <source>Formulir ini dibaca %1.</source>
      <translation>This form was read by %1.</translation>
    </message>
    <message>
      <source>Kec.</source>
      <translation>Kec.</translation>
    </message>
    <message>
      <source>Salinan angka yang diketik; yang berlaku adalah kertas C1. Dicetak %1 oleh %2.</source>
      <translation>A copy of the numbers keyed; what counts is the paper C1. Printed %1 by %2.</translation>
    </message>
    <message>
      <source>Slip entri</source>
      <translation>Entry slip</translation>
    </message>
    <message>
      <source>Temuan dan alasannya</source>
      <translation>Findings and their reasons</translation>
    </message>
    <message>
      <source>halaman %1 dari %2</source>
      <translation>page %1 of %2</translation>
    </message>
    <message>
      <source>pemungutan ke-%1</source>
      <translation>vote no. %1</translation>
    </message>
    <message>
      <source>– kosong di kertas   ∗ tidak terbaca</source>
      <translation>– blank on the paper   ∗ unreadable</translation>
    </message>
  </context>
  <context>
    <name>steps</name>
    <message>
      <source>Antrean</source>
      <translation>Queue</translation>
    </message>
    <message>
      <source>Dientri</source>
      <translation>Keyed</translation>
    </message>
    <message>
      <source>Dikembalikan dengan angka yang berbeda</source>
      <translation>Returned with different numbers</translation>
    </message>
    <message>
      <source>Dikembalikan untuk diverifikasi</source>
      <translation>Returned for verification</translation>
    </message>
    <message>
      <source>Dipindai</source>
      <translation>Scanned</translation>
    </message>
    <message>
      <source>Dipublikasikan</source>
      <translation>Public</translation>
    </message>
    <message>
      <source>Diterima</source>
      <translation>Received</translation>
    </message>
    <message>
      <source>Diterima KPU RI</source>
      <translation>At KPU RI</translation>
    </message>
    <message>
      <source>Diunggah</source>
      <translation>Sent</translation>
    </message>
    <message>
      <source>Diverifikasi</source>
      <translation>Verified</translation>
    </message>
    <message>
      <source>Entri</source>
      <translation>Keying</translation>
    </message>
    <message>
      <source>Entri Anda yang belum selesai</source>
      <translation>Your unfinished keying</translation>
    </message>
    <message>
      <source>Entri kedua</source>
      <translation>Second reading</translation>
    </message>
    <message>
      <source>Formulir menunggu entri kedua</source>
      <translation>Forms waiting for a second reading</translation>
    </message>
    <message>
      <source>Formulir siap dientri</source>
      <translation>Forms ready for keying</translation>
    </message>
    <message>
      <source>Halaman yang belum dipindai</source>
      <translation>Forms with pages not scanned yet</translation>
    </message>
    <message>
      <source>KPU RI menolak angka formulir</source>
      <translation>KPU RI refused this form's numbers</translation>
    </message>
    <message>
      <source>KPU RI menyimpan angka lain</source>
      <translation>KPU RI holds other numbers for this form</translation>
    </message>
    <message>
      <source>Kiriman berhenti dan perlu tindakan</source>
      <translation>Sending stopped, action needed</translation>
    </message>
    <message>
      <source>Koreksi yang belum terlihat di sana</source>
      <translation>Corrections not visible there yet</translation>
    </message>
    <message>
      <source>Kotak berbeda untuk orang ketiga</source>
      <translation>Differing boxes wait for a third person</translation>
    </message>
    <message>
      <source>Kotak masuk: halaman tanpa TPS</source>
      <translation>Pages in the inbox to be placed</translation>
    </message>
    <message>
      <source>Pindai</source>
      <translation>Scanning</translation>
    </message>
    <message>
      <source>Tidak cocok, perlu dikoreksi</source>
      <translation>Do not match, to be corrected</translation>
    </message>
    <message>
      <source>Tiga bacaan berbeda: koordinator</source>
      <translation>Boxes read three ways wait for the coordinator</translation>
    </message>
    <message>
      <source>Verifikasi</source>
      <translation>Verification</translation>
    </message>
    <message>
      <source>ada halaman belum dientri</source>
      <translation>a page is not keyed yet</translation>
    </message>
    <message>
      <source>ada halaman belum dipindai</source>
      <translation>pages are not scanned</translation>
    </message>
    <message>
      <source>belum dientri</source>
      <translation>not keyed</translation>
    </message>
    <message>
      <source>belum dipindai</source>
      <translation>not scanned</translation>
    </message>
    <message>
      <source>belum dipublikasikan</source>
      <translation>not published</translation>
    </message>
    <message>
      <source>belum diterima</source>
      <translation>not received</translation>
    </message>
    <message>
      <source>belum diterima KPU RI</source>
      <translation>not at KPU RI</translation>
    </message>
    <message>
      <source>belum diunggah</source>
      <translation>not uploaded</translation>
    </message>
    <message>
      <source>belum diverifikasi</source>
      <translation>not verified</translation>
    </message>
    <message>
      <source>belum entri kedua</source>
      <translation>not second-read</translation>
    </message>
    <message>
      <source>belum terlihat di situs publik</source>
      <translation>not visible on the public site yet</translation>
    </message>
    <message>
      <source>ditolak KPU RI</source>
      <translation>refused by KPU RI</translation>
    </message>
    <message>
      <source>kertas belum diterima</source>
      <translation>paper not received</translation>
    </message>
    <message>
      <source>menunggu dikembalikan KPU RI</source>
      <translation>waits to be returned by KPU RI</translation>
    </message>
    <message>
      <source>menunggu diunggah</source>
      <translation>waits to be uploaded</translation>
    </message>
    <message>
      <source>menunggu entri</source>
      <translation>waits to be keyed</translation>
    </message>
    <message>
      <source>menunggu entri kedua</source>
      <translation>waits for the second reading</translation>
    </message>
    <message>
      <source>menunggu koordinator</source>
      <translation>waits for the coordinator</translation>
    </message>
    <message>
      <source>menunggu orang ketiga</source>
      <translation>waits for a third person</translation>
    </message>
    <message>
      <source>menunggu publikasi</source>
      <translation>waits to be published</translation>
    </message>
    <message>
      <source>menunggu putusan verifikator</source>
      <translation>waits for the verifier's verdict</translation>
    </message>
    <message>
      <source>putusan menunggu dikirim</source>
      <translation>verdict waits to be sent</translation>
    </message>
    <message>
      <source>siap diunggah</source>
      <translation>ready to be uploaded</translation>
    </message>
    <message>
      <source>situs publik menampilkan angka lain</source>
      <translation>the public site shows other numbers</translation>
    </message>
    <message>
      <source>sudah dientri</source>
      <translation>keyed</translation>
    </message>
    <message>
      <source>sudah dipindai</source>
      <translation>scanned</translation>
    </message>
    <message>
      <source>sudah dipublikasikan</source>
      <translation>published</translation>
    </message>
    <message>
      <source>sudah diterima</source>
      <translation>received</translation>
    </message>
    <message>
      <source>sudah diterima KPU RI</source>
      <translation>at KPU RI</translation>
    </message>
    <message>
      <source>sudah diunggah</source>
      <translation>uploaded</translation>
    </message>
    <message>
      <source>sudah diverifikasi</source>
      <translation>verified</translation>
    </message>
    <message>
      <source>sudah entri kedua</source>
      <translation>second-read</translation>
    </message>
    <message>
      <source>tidak cocok dengan C1</source>
      <translation>does not match the C1</translation>
    </message>
  </context>
</TS>
