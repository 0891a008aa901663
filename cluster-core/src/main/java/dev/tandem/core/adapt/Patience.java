package dev.tandem.core.adapt;

import java.time.Duration;

/** When something that was in vain may be tried again: after a time that doubles each time. Not thread-safe. */
public final class Patience {

    private final Duration first;
    private final Duration longest;
    private Duration wait;
    private boolean hasTried;
    private long triedNanos;

    /** @param first after the first time in vain */
    public Patience(Duration first, Duration longest) {
        this.first = first;
        this.longest = longest;
        this.wait = first;
    }

    /** Whether it is time; a yes counts as a try. */
    public boolean mayTry(long nowNanos) {
        if (hasTried && nowNanos - triedNanos < wait.toNanos()) {
            return false;
        }
        hasTried = true;
        triedNanos = nowNanos;
        return true;
    }

    /** The last try was in vain. */
    public void wasInVain() {
        Duration doubled = wait.multipliedBy(2);
        wait = doubled.compareTo(longest) > 0 ? longest : doubled;
    }

    /** The last try was not. */
    public void wasOfUse() {
        wait = first;
    }
}
