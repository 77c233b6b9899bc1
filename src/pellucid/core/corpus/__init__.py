"""Streamed corpora: any amount of text becomes word ids in memory-mapped shards, with a vocabulary. No torch here.

    reading.py  Reading: how text is cut into documents and words
    sources.py  documents(source, reading): the documents of files and folders, one at a time
    words.py    words(text, reading): the words of a text
    build.py    build(source, reading, folder): tokenised once, by several processes
    corpus.py   Corpus: what was built; corpus_folder(source, reading): where it lies in the user's cache

Import the module that does the job (`from pellucid.core.corpus.corpus import Corpus`).
"""
