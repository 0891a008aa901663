package dev.tandem.harness.fault;

/**
 * What became of one event: a line of the timeline.
 *
 * @param fault in words
 * @param plannedMillis after the start
 * @param startedMillis when it was begun
 * @param doneMillis when it was in force
 * @param clock the time of day when it was begun, ISO 8601 in UTC
 * @param failure empty when it was done, else why not
 */
public record FaultRecord(
        String fault, long plannedMillis, long startedMillis, long doneMillis, String clock, String failure) {}
