"""Spam detector: a recurrent network reads a text message word by word and says whether it is spam (day 4)."""

from pellucid.core.card import Card, Label, Probability, Text

CARD = Card(
    name="spam_detector",
    day=4,
    title={"en": "Spam detector", "zh-TW": "垃圾簡訊偵測器"},
    summary={"en": "RNN, LSTM, GRU: how a network remembers", "zh-TW": "RNN、LSTM、GRU：網路如何記憶"},
    input=Text(
        name="text",
        title={"en": "Message", "zh-TW": "簡訊"},
        examples=(
            "WINNER!! Claim your free prize now, call 09061701461",
            "Ok, see you at the library at 5 then",
            "URGENT! Your mobile number was awarded a £2,000 bonus. Txt CLAIM to 81010",
        ),
    ),
    outputs=(
        Label(name="label", title={"en": "Class", "zh-TW": "類別"}),
        Probability(name="probability", title={"en": "Probability of spam", "zh-TW": "垃圾簡訊的機率"}),
    ),
    data=(
        "SMS Spam Collection v.1, T. A. Almeida and J. M. Gómez Hidalgo, 2011, "
        "https://archive.ics.uci.edu/dataset/228/sms+spam+collection, CC BY 4.0",
    ),
)
