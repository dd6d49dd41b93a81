-- Grain: one policy older than {published_at}: it never holds again. Caller: collector.policy.put_in_force.
DELETE FROM collector_policy WHERE published_at < {published_at:DateTime64(6, 'UTC')}
