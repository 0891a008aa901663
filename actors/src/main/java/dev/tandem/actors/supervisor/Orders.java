package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployReply;
import dev.tandem.actors.supervisor.DeployQueue.Job;
import dev.tandem.actors.supervisor.SupervisorMessages.Deploy;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Orders by their ids: each is carried out once, however often it is sent. Used by the supervisor's thread only. */
final class Orders {

    static final String OUTRUN = "something else was put in place, or is to be. Maybe look at 'tandem status'";

    private static final DeployReply OUTRUN_REPLY = new DeployReply.RolloutFailed(OUTRUN);

    /** Orders whose answer is remembered. */
    private static final int ANSWERS = 16;

    private final Set<String> open = new HashSet<>();
    private final Map<String, DeployReply> answers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, DeployReply> eldest) {
            return size() > ANSWERS;
        }
    };

    /** What it was answered, if it was. */
    Optional<DeployReply> answer(String id) {
        return Optional.ofNullable(answers.get(id));
    }

    /** Whether it is new; it is open from now on. */
    boolean take(String id) {
        return open.add(id);
    }

    /** Answers who has ordered it; the answer to an order that was taken, unlike a move, is remembered. */
    void answer(Deploy deploy, DeployReply reply) {
        if (open.remove(deploy.id())) {
            answers.put(deploy.id(), reply);
        }
        deploy.replyTo().tell(reply);
    }

    /** Answers jobs in whose place something else was put, or is to be. */
    void outrun(List<Job> jobs) {
        jobs.forEach(job -> answer(job.deploy(), OUTRUN_REPLY));
    }

    /** Whether that is the answer. */
    static boolean isOutrun(DeployReply reply) {
        return reply.equals(OUTRUN_REPLY);
    }
}
