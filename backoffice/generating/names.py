"""Word lists for names: common Chinese surnames and characters with their pinyin, a few rare ones, some Latin names."""

from __future__ import annotations

from typing import Final

Word = tuple[str, str]


def _words(text: str) -> tuple[Word, ...]:
    """Read `张 Zhang 李 Li …` into pairs."""
    parts = text.split()
    return tuple(zip(parts[::2], parts[1::2], strict=True))


SURNAMES: Final = _words(
    "王 Wang 李 Li 张 Zhang 刘 Liu 陈 Chen 杨 Yang 黄 Huang 赵 Zhao 吴 Wu 周 Zhou 徐 Xu 孙 Sun 马 Ma 朱 Zhu "
    "胡 Hu 郭 Guo 何 He 林 Lin 高 Gao 罗 Luo 郑 Zheng 梁 Liang 谢 Xie 宋 Song 唐 Tang 许 Xu 邓 Deng 韩 Han "
    "冯 Feng 曹 Cao 彭 Peng 曾 Zeng 肖 Xiao 田 Tian 董 Dong 潘 Pan 袁 Yuan 蔡 Cai 蒋 Jiang 余 Yu 于 Yu 杜 Du "
    "叶 Ye 程 Cheng 魏 Wei 苏 Su 吕 Lü 丁 Ding 任 Ren 卢 Lu 姚 Yao 沈 Shen 钟 Zhong 姜 Jiang 崔 Cui 谭 Tan "
    "陆 Lu 汪 Wang 范 Fan 廖 Liao 石 Shi 金 Jin 欧阳 Ouyang 司马 Sima 诸葛 Zhuge 上官 Shangguan"
)
MALE: Final = _words(
    "伟 Wei 强 Qiang 磊 Lei 军 Jun 勇 Yong 杰 Jie 涛 Tao 超 Chao 明 Ming 刚 Gang 平 Ping 辉 Hui 鹏 Peng 华 Hua "
    "飞 Fei 鑫 Xin 波 Bo 斌 Bin 宇 Yu 浩 Hao 凯 Kai 健 Jian 俊 Jun 帆 Fan 晨 Chen 旭 Xu 东 Dong 志 Zhi "
    "建 Jian 国 Guo 文 Wen 海 Hai"
)
FEMALE: Final = _words(
    "芳 Fang 娜 Na 敏 Min 静 Jing 丽 Li 艳 Yan 娟 Juan 霞 Xia 秀 Xiu 燕 Yan 玲 Ling 桂 Gui 梅 Mei 红 Hong "
    "丹 Dan 萍 Ping 雪 Xue 慧 Hui 婷 Ting 琳 Lin 颖 Ying 倩 Qian 洁 Jie 怡 Yi 欣 Xin 悦 Yue 佳 Jia 梦 Meng "
    "雨 Yu 诗 Shi 涵 Han 云 Yun"
)
RARE: Final = _words("𠮷 Ji 𤩽 Huan 𬭚 Chun 𫖯 Fu")
"""Characters outside the basic plane, which careless programs show as boxes or cut in half."""

LATIN_GIVEN: Final = {
    "male": ("Liam", "Noah", "Mateo", "Jürgen", "Søren", "Étienne", "Ivan", "Tomasz"),
    "female": ("Emma", "Zoë", "Camila", "Anaïs", "Freja", "Olga", "Aoife", "Małgorzata"),
}
LATIN_FAMILY: Final = (
    "O'Neill",
    "D'Angelo",
    "Müller",
    "García",
    "Østergård",
    "Kowalski",
    "Smith-Jones",
    "van der Berg",
)

COMPANY_WORDS: Final = _words(
    "云 Yun 岚 Lan 清 Qing 禾 He 启 Qi 澜 Lan 青 Qing 沐 Mu 远 Yuan 舟 Zhou 松 Song 知 Zhi 行 Xing 朗 Lang "
    "石 Shi 川 Chuan"
)
INDUSTRIES: Final = (
    ("科技", "Technology"),
    ("贸易", "Trading"),
    ("物流", "Logistics"),
    ("餐饮管理", "Catering"),
    ("建筑设计", "Architecture"),
    ("电子商务", "E-Commerce"),
    ("文化传媒", "Media"),
    ("机械制造", "Machinery"),
)
