package dev.tandem.deploy.load;

/** One call after the other on the calling thread, with nothing between them. */
public final class BackToBack {

    private BackToBack() {}

    /** Calls for that long; the figures are those of the measured time. */
    public static LoadFigures run(MeasuringTime time, Runnable call) {
        long now = System.nanoTime();
        SteadyRecorder recorder = new SteadyRecorder(now, time);
        while (!recorder.isOver(now)) {
            long start = now;
            call.run();
            now = System.nanoTime();
            recorder.answer(now, now - start);
        }
        return recorder.figures();
    }
}
