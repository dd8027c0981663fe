-- Every new alert pays for an index, at night in a storm; a search is paid for by who searches. Measured, PostgreSQL's
-- processor and log for a new alert: 28 µs and 1,524 bytes with these two, 21 µs and 980 bytes without, and whoever sorts
-- in what an index gathered waits (16 MB: 340 ms). Without them a part of the list looks at 10,000 alerts, as for words.
drop index alerts_not_closed_labels;
drop index alerts_not_closed_tags;
