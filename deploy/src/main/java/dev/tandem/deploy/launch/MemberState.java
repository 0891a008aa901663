package dev.tandem.deploy.launch;

import java.util.Locale;

/** What is known of a member of a cluster file. */
public enum MemberState {
    /** Has been started, is up and measured. */
    STARTED,
    /** Is up and measured, and was so before. */
    UP,
    /** Its process runs, and is not up and measured yet. */
    STARTING,
    /** Its process has ended without having been asked to. */
    DIED,
    /** Is not running, as it should after {@code down}. */
    DOWN,
    /** Has left as asked. */
    STOPPED,
    /** Did not leave as asked and was killed. */
    KILLED,
    /** Could not be started or stopped; the reason says why. */
    FAILED,
    /** Nothing is known: its host cannot be reached. */
    UNREACHABLE;

    /** Whether requests can be served by the member. */
    public boolean isUp() {
        return this == STARTED || this == UP;
    }

    /** Whether nothing of the member runs. */
    public boolean isDown() {
        return this == DOWN || this == STOPPED || this == KILLED;
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
