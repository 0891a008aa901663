package dev.tandem.actors.supervisor;

import dev.tandem.actors.protocol.DeployReply;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Orders by their ids: each is carried out once, however often it is sent. Used by the supervisor's thread only. */
final class Orders {

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

    /** Has no effect on what was not taken, such as a move. */
    void answered(String id, DeployReply reply) {
        if (open.remove(id)) {
            answers.put(id, reply);
        }
    }
}
