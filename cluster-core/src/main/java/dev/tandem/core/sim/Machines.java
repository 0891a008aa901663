package dev.tandem.core.sim;

/**
 * What the CPUs of machines are doing. Carrying takes a CPU at once: an idle one where there is any, else one of a call, which
 * ends later by what its threads lose together. A call begins when as many CPUs as it has threads, or all, compute nothing.
 */
final class Machines {

    private final int[] cpus;
    private final int[] ofCoreGroup;
    private final int[] threads;
    private final int[] computing;
    /** By machine until when idle CPUs carry. */
    private final double[] carryingUntil;

    private final boolean[] isRunning;
    /** By core group what its call has lost, in seconds. */
    private final double[] lost;

    Machines(Cpus map) {
        this.cpus = Cpus.array(map.counts());
        this.ofCoreGroup = Cpus.array(map.ofCoreGroup());
        this.threads = Cpus.array(map.threads());
        this.computing = new int[cpus.length];
        this.carryingUntil = new double[cpus.length];
        this.isRunning = new boolean[threads.length];
        this.lost = new double[threads.length];
    }

    boolean hasRoom(int group) {
        int machine = ofCoreGroup[group];
        return computing[machine] == 0 || computing[machine] + threads[group] <= cpus[machine];
    }

    int ofCoreGroup(int group) {
        return ofCoreGroup[group];
    }

    /** What idle CPUs carry at the moment is left to those that stay idle, or to the call. */
    void begin(int group, double now) {
        int machine = ofCoreGroup[group];
        int idleBefore = cpus[machine] - computing[machine];
        computing[machine] += threads[group];
        isRunning[group] = true;
        if (threads[group] > 0 && carryingUntil[machine] > now) {
            double left = (carryingUntil[machine] - now) * Math.max(1, idleBefore);
            int idle = cpus[machine] - computing[machine];
            carryingUntil[machine] = idle > 0 ? now + left / idle : now;
            lost[group] += idle > 0 ? 0 : left / threads[group];
        }
    }

    /** What a call has lost up to now, which it still has to compute; 0 when it is over. */
    double takeLost(int group) {
        double seconds = lost[group];
        lost[group] = 0;
        return seconds;
    }

    void end(int group) {
        isRunning[group] = false;
        computing[ofCoreGroup[group]] -= threads[group];
    }

    /** One CPU of a machine carries for so long. */
    void carry(int machine, double seconds, double now) {
        if (machine == Cpus.NONE || seconds == 0) {
            return;
        }
        int idle = cpus[machine] - computing[machine];
        int delayed = idle > 0 ? Cpus.NONE : leastDelayed(machine);
        if (delayed == Cpus.NONE) {
            carryingUntil[machine] = Math.max(now, carryingUntil[machine]) + seconds / Math.max(1, idle);
        } else {
            lost[delayed] += seconds / threads[delayed];
        }
    }

    private int leastDelayed(int machine) {
        int least = Cpus.NONE;
        for (int group = 0; group < threads.length; group++) {
            if (isRunning[group]
                    && ofCoreGroup[group] == machine
                    && threads[group] > 0
                    && (least == Cpus.NONE || lost[group] < lost[least])) {
                least = group;
            }
        }
        return least;
    }
}
