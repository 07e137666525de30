#!/usr/bin/env python3
"""Lays reports in our own words out as PDF, by producers that set pages differently.

  ../two-chromium.pdf     two columns, a box, a table with merged heads, by Chromium (column-count)
  ../two-libreoffice.pdf  the same words by LibreOffice Writer (sections with columns)
  ../two-text.txt         the same sentences as running text
  ../esg.pdf              esg.html by WeasyPrint: numbers on display over and below their labels, columns in a band of the page,
                          a side bar, a table over two pages
  ../annual.pdf           annual.html by WeasyPrint: unruled heads of two levels, tables side by side, 2024E
  ../results.pdf          results.html by WeasyPrint: two languages, notes, times as titles inside a table

Fonts: WenQuanYi Zen Hei, AR PL UMing. A producer of another version may set pages otherwise: the answers beside the PDFs then move.
"""
import os
import subprocess
from pathlib import Path

os.chdir(Path(__file__).parent)

TITLE = '雁湖电力2022年社会责任报告'
COLUMNS = ['2022年，雁湖电力在云南建成光伏电站六座，新增装机容量25.4万千瓦，同比增长18.2%。全年发电量达到42.7亿千瓦时，其中可再生能源发电量31.5亿千瓦时。公司改造线路860公里，综合线损率降至4.6%。',
 '公司重视节约用水。全年取水总量为318万吨，同比下降7.5%。公司在四个厂区建设污水处理设施，污水处理率达到99.1%。全年环保投入3,260万元，开展环境培训74场，参加员工5,180人次。']
BOX = '2022年，雁湖电力向云南16所小学捐赠资金430万元，惠及学生2,650人。'
ROWS = [('用电量','万千瓦时','6,120','5,984','1,305','1,277'),('用水量','万吨','344','318','71','66'),('员工总数','人','9,415','9,602','2,118','2,140'),('　其中：女性员工','人','2,871','2,990','640','655'),('员工流失率','%','5.2','4.9','6.1','5.7'),('公益捐赠','万元','1,120','1,345','85','—')]


def page(cols,box,table_attr,font):
    t = f'<table {table_attr}><tr><td rowspan=2>指标</td><td rowspan=2>单位</td><td colspan=2 align=center>集团</td><td colspan=2 align=center>附属公司</td></tr><tr>'+''.join(f'<td align=right>{y}</td>' for y in ('2021年','2022年')*2)+'</tr>'
    for r in ROWS:
        t += '<tr>'+''.join(f'<td>{c}</td>' for c in r[:2])+''.join(f'<td align=right>{c}</td>' for c in r[2:])+'</tr>'
    t += '</table>'
    return f'<!DOCTYPE html><html lang="zh-Hans"><head><meta charset="utf-8"><style>@page{{size:A4;margin:20mm}}body,td,p{{font-family:"{font}";font-size:10.5pt}}h1{{font-size:20pt;font-family:"{font}"}}h2{{font-size:15pt;font-family:"{font}"}}</style></head><body><h1>{TITLE}</h1><h2>绿色运营</h2>{cols}<h2>教育帮扶</h2>{box}<h2>关键绩效</h2>{t}</body></html>'


def made(name, text, *command):
    Path(name).write_text(text, encoding='utf-8')
    subprocess.run([*command, name], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)
    Path(name).unlink()


if __name__ == '__main__':
    paragraphs = ''.join(f'<p>{words}</p>' for words in COLUMNS)
    made('two-chromium.html', page(f'<div style="column-count:2;column-gap:10mm;line-height:1.6">{paragraphs}</div>',
                                   f'<div style="border:1px solid #555;background:#eef;padding:8px">{BOX}</div>',
                                   'style="border-collapse:collapse;width:100%" border=1 cellpadding=4', 'WenQuanYi Zen Hei'),
         'chromium', '--headless', '--no-sandbox', '--disable-gpu', '--no-pdf-header-footer', '--print-to-pdf=../two-chromium.pdf')
    made('two-libreoffice.html', page(f'<multicol cols=2 gutter=30>{paragraphs}</multicol>',
                                      f'<table border=1 cellpadding=6 width=100%><tr><td>{BOX}</td></tr></table>',
                                      'border=1 cellpadding=4 cellspacing=0 width=100%', 'AR PL UMing CN'),
         'soffice', '--headless', '--infilter=HTML (StarWriter)', '--convert-to', 'pdf:writer_pdf_Export', '--outdir', '..')
    Path('../two-text.txt').write_text('\n\n'.join([TITLE, '一、绿色运营', *COLUMNS, '二、教育帮扶', BOX]) + '\n', encoding='utf-8')
    for name in ('esg', 'annual', 'results'):
        subprocess.run(['weasyprint', f'{name}.html', f'../{name}.pdf'], stderr=subprocess.DEVNULL, check=True)
