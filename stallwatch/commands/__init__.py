"""The commands, by what they are for: running, loading data, answers, upkeep. Each module registers its own.

A command reads its options, opens the house, asks one question of it and prints the answer; it decides nothing itself.
"""
