"""Small words of French: those that carry no content, and those that join others. Pure."""

ELIDED = (*"cdjlmnst", "qu", "jusqu", "lorsqu", "puisqu", "quoiqu")
"""What stands before an apostrophe."""
_PREPOSITIONS = "à au aux contre d dans de des du en et l la le les pour par sans sur un une"
PREPOSITIONS = frozenset(_PREPOSITIONS.split())
"""Prepositions and articles, as they stand within names."""
_POSSESSIVES = "ce ces cet cette leur leurs ma mes mon nos notre sa ses son vos votre"
POSSESSIVES = frozenset(_POSSESSIVES.split())
_PRONOUNS = "aucun aucune autre autres celle celles celui ceux chacun chacune chaque quelque"
PRONOUNS = frozenset(_PRONOUNS.split())
_FUNCTION_WORDS = """
    le la les un une des du de d l à a au aux et ou où ni mais donc or car que qu qui quoi dont ce
    cet cette ces c ça cela ceci se s sa son ses si en y ne n pas je j tu t te il elle on nous vous
    ils elles me m ma mon mes ton ta tes notre nos votre vos leur leurs lui eux moi toi soi par pour
    avec sans sous sur dans vers chez entre est es suis sommes êtes sont être ai as ont avons avez
    avoir était étaient avait avaient plus très comme quand tout
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
"""Words that say nothing by themselves."""
_FIRST_PARTS = """
    anti auto bio ciné co contre cyber demi e éco électro entre extra géo hydro hyper infra inter
    intra macro méga méta micro mi mini mono moto multi nano néo non para photo pluri poly porte
    post pré pro pseudo psycho radio rétro sans semi socio sous super techno télé thermo trans tri
    ultra vidéo
"""
FIRST_PARTS = tuple(_FIRST_PARTS.split())
"""First parts of words, which are free to join what follows: « vidéosurveillance »."""
