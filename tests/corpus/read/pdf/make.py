#!/usr/bin/env python3
"""Writes the PDFs of this folder, each a page or two in our own words and smaller than 4 kB.

    python3 make.py        writes every file anew, byte for byte the same

No font is embedded: the Chinese ones name a predefined CMap, so what is read rests on it alone.
  ruled.pdf       GBK-EUC-H; a ruled table, two levels of heads, a part that spans, a unit column, a head that stands twice
  statement.pdf   ETen-B5-H; an unruled statement: notes, brackets, a total without a label, the same head on the second page
  columns.pdf     UniGB-UCS2-H; two columns of text, a running head, page numbers, labels i and 1
  drawn.pdf       ToUnicode with radicals, ActualText, bold by printing twice, a form, an artifact, a layer switched off, a rotated page
  locked.pdf      drawn.pdf's first page, encrypted (RC4, 128 bits) with an empty password
  asks.pdf        the same with a password, 「geheim」
  ruled-rc4.pdf   ruled.pdf with that password: qpdf --allow-weak-crypto --encrypt geheim eigen 128 --use-aes=n -- ruled.pdf ruled-rc4.pdf
  ruled-aes.pdf   ruled.pdf with that password: qpdf --encrypt geheim eigen 256 -- ruled.pdf ruled-aes.pdf
  picture.pdf     a page of text and a page that is a picture
"""
import hashlib
import struct
from pathlib import Path

HERE = Path(__file__).parent
PAD = bytes.fromhex('28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A')


def rc4(key, data):
    state, out, j = list(range(256)), bytearray(), 0
    for i in range(256):
        j = (j + state[i] + key[i % len(key)]) % 256
        state[i], state[j] = state[j], state[i]
    i = j = 0
    for byte in data:
        i = (i + 1) % 256
        j = (j + state[i]) % 256
        state[i], state[j] = state[j], state[i]
        out.append(byte ^ state[(state[i] + state[j]) % 256])
    return bytes(out)


class Pdf:
    """Objects by number; the first is the catalogue."""

    def __init__(self, password=None):
        self.objects, self.pages, self.extra, self.password = [None, None], [], b'', password

    def add(self, body):
        self.objects.append(body)
        return len(self.objects)

    def stream(self, data, entries=''):
        return self.add((f'<< /Length {len(data)} {entries} >>', data))

    def font(self, name, encoding, ordering):
        inner = self.add(f'<< /Type /Font /Subtype /CIDFontType0 /BaseFont /{name} /DW 1000 '
                         f'/CIDSystemInfo << /Registry (Adobe) /Ordering ({ordering}) /Supplement 0 >> /W [1 95 500 814 939 500 13648 13742 500] >>')
        return self.add(f'<< /Type /Font /Subtype /Type0 /BaseFont /{name} /Encoding /{encoding} /DescendantFonts [{inner} 0 R] >>')

    def page(self, content, resources, entries=''):
        content = self.stream(content)
        self.pages.append(self.add(f'<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R '
                                   f'/Resources << {resources} >> {entries} >>'))

    def key(self, user):
        text = (user + PAD)[:32]
        owner = hashlib.md5(text).digest()
        for _ in range(50):
            owner = hashlib.md5(owner).digest()
        o = text
        for step in range(20):
            o = rc4(bytes(byte ^ step for byte in owner), o)
        key = hashlib.md5(text + o + struct.pack('<i', -4) + b'0123456789abcdef').digest()
        for _ in range(50):
            key = hashlib.md5(key).digest()
        u = hashlib.md5(PAD + b'0123456789abcdef').digest()
        for step in range(20):
            u = rc4(bytes(byte ^ step for byte in key), u)
        return key, o, u + bytes(16)

    def write(self, name):
        kids = ' '.join(f'{page} 0 R' for page in self.pages)
        self.objects[0] = f'<< /Type /Catalog /Pages 2 0 R {self.extra.decode() if self.extra else ""} >>'
        self.objects[1] = f'<< /Type /Pages /Kids [{kids}] /Count {len(self.pages)} >>'
        trailer = ''
        key = None
        if self.password is not None:
            key, o, u = self.key(self.password)
            encrypt = self.add(f'<< /Filter /Standard /V 2 /R 3 /Length 128 /P -4 /O <{o.hex()}> /U <{u.hex()}> >>')
            trailer = f'/Encrypt {encrypt} 0 R /ID [<{b"0123456789abcdef".hex()}> <{b"0123456789abcdef".hex()}>]'
        out, offsets = bytearray(b'%PDF-1.7\n%\xe2\xe3\xcf\xd3\n'), []
        for number, body in enumerate(self.objects, 1):
            offsets.append(len(out))
            out += f'{number} 0 obj\n'.encode()
            if isinstance(body, tuple):
                head, data = body
                if key:
                    data = rc4(hashlib.md5(key + struct.pack('<I', number)[:3] + b'\0\0').digest()[:16], data)
                out += head.encode() + b'\nstream\n' + data + b'\nendstream\nendobj\n'
            else:
                out += body.encode('latin-1') + b'\nendobj\n'
        start = len(out)
        out += f'xref\n0 {len(offsets) + 1}\n0000000000 65535 f \n'.encode()
        out += b''.join(f'{offset:010} 00000 n \n'.encode() for offset in offsets)
        out += f'trailer\n<< /Size {len(offsets) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n'.encode()
        (HERE / name).write_bytes(out)


def text(encoding):
    """A function that sets a line: its left end, or its right end where `right`, from the top of the page."""
    def line(x, top, words, size=10, font='F', right=False):
        width = sum(size * (0.5 if encoding != 'utf-16-be' and ord(c) < 128 else 1) for c in words)
        x = x - width if right else x
        return b'BT /%s %d Tf %.2f %.2f Td <%s> Tj ET\n' % (font.encode(), size, x, 842 - top, words.encode(encoding).hex().encode())
    return line


def rule(x0, top0, x1, top1):
    return b'%.1f %.1f m %.1f %.1f l S\n' % (x0, 842 - top0, x1, 842 - top1)


def ruled():
    pdf, line = Pdf(), text('gbk')
    font = pdf.font('STSong-Light', 'GBK-EUC-H', 'GB1')
    out = line(180, 70, '青屿港口2024年3月份生产数据公告', 16)
    out += line(60, 100, '本月的主要数据如下。', 10)
    xs, ys = [60, 200, 250, 320, 390, 460, 530], [120, 140, 160, 180, 200, 220, 240, 260]
    for y in ys:
        out += rule(200 if y == 140 else 60, y, 530, y) if y != 140 else rule(250, y, 530, y)
    for x in xs:
        top = 140 if x == 320 else 120
        out += rule(x, top, x, 160) + (rule(x, 180, x, 260) if x not in (60, 530) else rule(x, 160, x, 260))
    out += line(115, 143, '指标') + line(215, 143, '单位')
    out += line(305, 133, '2024年') + line(412, 133, '2023年') + line(475, 133, '变化(%)')
    # The change has one column.
    for x, words in [(270, '3月份'), (345, '累计'), (410, '3月份'), (480, '3月份')]:
        out += line(x, 153, words)
    out += line(65, 173, '一、集装箱业务')
    rows = [('（一）吞吐量', '万吨', '1,204.5', '3,410.0', '1,100.0', '9.5'), ('  其中：外贸', '万吨', '310.2', '905.6', '—', '—'),
            ('（二）靠泊次数', '次', '412', '1,190', '(16)', '-2.4'), ('其他', '万元', '58', '171', '60', '-3.3')]
    for at, (label, unit, *cells) in enumerate(rows):
        top = 193 + 20 * at
        out += line(65 + 10 * label.count('  '), top, label.strip()) + line(212, top, unit)
        for x, cell in zip([315, 385, 455, 525], cells):
            out += line(x, top, cell, right=True)
    pdf.page(out, f'/Font << /F {font} 0 R >>')
    pdf.write('ruled.pdf')


def statement():
    pdf, line = Pdf(), text('big5')
    font = pdf.font('MSung-Light', 'ETen-B5-H', 'CNS1')
    heads = lambda top: (line(330, top, '附註') + line(440, top - 14, '二零二四年', right=True) + line(530, top - 14, '二零二三年', right=True)
                         + line(440, top, '千港元', right=True) + line(530, top, '千港元', right=True))
    out = line(60, 60, '澄湖控股有限公司', 14) + line(60, 85, '截至二零二四年九月三十日止六個月中期業績公告', 14)
    out += line(60, 115, '綜合損益表', 12) + line(60, 132, '截至二零二四年九月三十日止六個月') + heads(165)
    rows = [('營業額', '3', '81,420', '77,305'), ('銷售成本', '', '(60,118)', '(58,900)'), None, ('', '', '21,302', '18,405'),
            ('其他收入', '4', '902', '－'), ('每股盈利', '', '', ''), ('－基本（港仙）', '', '3.21', '2.75')]
    for at, row in enumerate(rows):
        if row:
            top = 190 + 16 * at
            out += line(60 + (10 if row[0].startswith('－') else 0), top, row[0]) if row[0] else b''
            out += line(338, top, row[1]) if row[1] else b''
            out += b''.join(line(x, top, cell, right=True) for x, cell in zip((440, 530), row[2:]) if cell)
    out += rule(390, 225, 440, 225) + rule(480, 225, 530, 225) + line(290, 800, '－1－')
    pdf.page(out, f'/Font << /F {font} 0 R >>')
    out = heads(80)
    for at, row in enumerate([('以下應佔溢利：', '', ''), ('－本公司擁有人', '9,640', '8,250'), ('－非控股權益', '120', '(75)')]):
        out += line(60 + (10 if row[0].startswith('－') else 0), 105 + 16 * at, row[0])
        out += b''.join(line(x, 105 + 16 * at, cell, right=True) for x, cell in zip((440, 530), row[1:]) if cell)
    out += line(60, 180, '綜合財務狀況表', 12) + line(60, 197, '於二零二四年九月三十日') + heads(230)
    out += line(60, 255, '存貨') + line(440, 255, '15,210', right=True) + line(530, 255, '14,006', right=True)
    out += line(60, 271, '銀行結餘') + line(440, 271, '40,777', right=True) + line(530, 271, '39,120', right=True) + line(290, 800, '－2－')
    pdf.page(out, f'/Font << /F {font} 0 R >>')
    pdf.write('statement.pdf')


def columns():
    pdf, line = Pdf(), text('utf-16-be')
    font = pdf.font('STSong-Light', 'UniGB-UCS2-H', 'GB1')
    left = ['　　二〇二二年，澄湖电力在山区', '新建风电场六座，装机容量达到', '１２．５万千瓦，比上年增加三成', '。全年发电量２．４亿千瓦时，其', '中供给乡镇的占１８％。当地有四',
            '百八十户居民因此第一次用上了', '稳定的电。公司又投入资金３２００', '万元改造线路，线损率降到４．２％', '。']
    right = ['　　公司为员工举办培训３６场，参', '加的员工达到１２５０人次，人均', '培训２１小时。安全方面，全年没', '有发生死亡事故，百万工时损失', '率为０．８。供应商中签署承诺书',
             '的有９６家，比例达到８５％。公', '司全年捐款１５０万元，用于修建', '乡村小学两所。']
    for page in range(2):
        out = line(60, 40, '澄湖电力２０２２年社会责任报告', 8) + line(290, 815, '１２'[page], 8)
        out += line(60, 80, ('电送到山里', '人与安全')[page], 16)
        for x, rows in ((60, left), (310, right)):
            for at, words in enumerate(rows if page == 0 else rows[::-1][:1]):
                out += line(x, 120 + 20 * at, words, 14)
        pdf.page(out, f'/Font << /F {font} 0 R >>')
    pdf.extra = b'/PageLabels << /Nums [0 << /S /r >> 1 << /S /D >>] >>'
    pdf.write('columns.pdf')


RADICALS = '⼀⼆⼈年度报告新建充电桩座，惠及户⺠。同比增长万'


def drawn_page(pdf, entries='', off=None):
    codes = {c: at + 1 for at, c in enumerate(dict.fromkeys(RADICALS + '0123456789.%'))}
    table = ''.join(f'<{code:04x}> <{ord(c):04x}>\n' for c, code in codes.items())
    cmap = pdf.stream(('/CIDInit /ProcSet findresource begin begincmap /CMapName /X def\n1 begincodespacerange <0000> <ffff> '
                       f'endcodespacerange\n{len(codes)} beginbfchar\n{table}endbfchar endcmap end').encode())
    inner = pdf.add('<< /Type /Font /Subtype /CIDFontType2 /BaseFont /Made /DW 1000 '
                    '/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>')
    font = pdf.add(f'<< /Type /Font /Subtype /Type0 /BaseFont /Made /Encoding /Identity-H /DescendantFonts [{inner} 0 R] /ToUnicode {cmap} 0 R >>')
    show = lambda words: '<' + ''.join(f'{codes[c]:04x}' for c in words) + '> Tj'
    meant = '<feff' + '二人'.encode('utf-16-be').hex() + '>'
    form = pdf.stream(f'BT /F 12 Tf 60 640 Td {show("同比增长35%。")} ET'.encode(),
                      f'/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F {font} 0 R >> >>')
    off = off or pdf.add('<< /Type /OCG /Name (off) >>')
    pdf.extra = f'/OCProperties << /OCGs [{off} 0 R] /D << /OFF [{off} 0 R] >> >>'.encode()
    twice = f'BT /F 12 Tf 60 700 Td {show("新建充电桩1200座，惠及")} ET\n'
    out = (f'/Artifact BMC BT /F 8 Tf 60 800 Td {show("2021年度报告")} ET EMC\n' + twice + twice.replace('60 700', '60.4 700')
           + f'BT /F 12 Tf 60 680 Td {show("户⺠3.5万户。")} ET\n'
           + f'BT /F 12 Tf 60 660 Td /Span << /ActualText {meant} >> BDC {show("⼆⼈")} EMC {show("新建1座。")} ET\n'
           + f'/OC /L BDC BT /F 12 Tf 60 600 Td {show("新建99座。")} ET EMC\n/X Do\n')
    pdf.page(out.encode(), f'/Font << /F {font} 0 R >> /XObject << /X {form} 0 R >> /Properties << /L {off} 0 R >>', entries)
    return off


def drawn():
    pdf = Pdf()
    drawn_page(pdf, '/Rotate 90', drawn_page(pdf))
    pdf.write('drawn.pdf')
    for name, password in (('locked.pdf', b''), ('asks.pdf', b'geheim')):
        pdf = Pdf(password)
        drawn_page(pdf)
        # Strings would have to be encrypted too: there is none but in the dictionary of a font.
        pdf.objects = [body.replace('(Adobe)', '<00>').replace('(Identity)', '<00>').replace('(off)', '<00>') if isinstance(body, str) else body
                       for body in pdf.objects]
        pdf.write(name)


def picture():
    pdf, line = Pdf(), text('gbk')
    font = pdf.font('STSong-Light', 'GBK-EUC-H', 'GB1')
    pdf.page(line(60, 80, '青屿港口2021年报告') + line(60, 120, '2021年，公司共有职工2,310人。'), f'/Font << /F {font} 0 R >>')
    image = pdf.stream(bytes(16), '/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceGray')
    pdf.page(b'q 595 0 0 842 0 0 cm /I Do Q\n' + line(290, 810, '2'), f'/Font << /F {font} 0 R >> /XObject << /I {image} 0 R >>')
    pdf.write('picture.pdf')


if __name__ == '__main__':
    for made in (ruled, statement, columns, drawn, picture):
        made()
