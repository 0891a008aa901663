package dev.tandem.harness.experiment.survival;

/**
 * What became of a request. Times are seconds since the load began.
 *
 * @param scheduledSeconds when it was meant to leave
 * @param endSeconds when its answer or failure came
 * @param failure why there is no answer; empty where there is one
 * @param error of the answer, relative to the unsplit model's
 */
record Answer(double scheduledSeconds, double endSeconds, String failure, double error) {

    boolean isRight() {
        return failure.isEmpty() && error <= AskedModel.TOLERANCE;
    }

    /** From when it was meant to leave. */
    double latencySeconds() {
        return endSeconds - scheduledSeconds;
    }
}
