-- What a small tick works on, as in 0006: in the engine's memory, where a statement that writes or reads a few rows costs a
-- third less. `run_links` stays on disk, since what a run that died had found is read by the next (correlator/working.py).

CREATE TABLE IF NOT EXISTS tick_objects AS run_objects ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_identities AS run_identities ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_roots AS run_roots ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_members AS run_members ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_events AS run_events ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_contexts AS run_contexts ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_places AS run_places ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_cycles AS run_cycles ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_signals AS run_signals ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_promised AS run_promised ENGINE = Memory;

CREATE TABLE IF NOT EXISTS tick_promises AS run_promises ENGINE = Memory;

-- Grain: one run whose working rows are in memory: gone with them where the engine starts again.
CREATE TABLE IF NOT EXISTS tick_runs
(
    revision UInt64
)
ENGINE = Memory;
