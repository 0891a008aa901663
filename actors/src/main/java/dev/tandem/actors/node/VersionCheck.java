package dev.tandem.actors.node;

import com.typesafe.config.Config;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.cluster.ConfigValidation;
import org.apache.pekko.cluster.Invalid;
import org.apache.pekko.cluster.JoinConfigCompatChecker;
import org.apache.pekko.cluster.Valid$;
import scala.collection.immutable.Seq;
import scala.jdk.javaapi.CollectionConverters;

/**
 * Keeps members of another version of Tandem out of the cluster. Named in the settings; Pekko makes the instance.
 *
 * <p>Both sides are asked: first the member that is there, then the one that joins. A refusal of the first reaches the
 * second without its reason, so the first lets everyone pass who can tell their version, and the one that joins refuses
 * itself, naming both.
 */
public final class VersionCheck extends JoinConfigCompatChecker {

    /** Where a member says which version it runs. */
    static final String VERSION_KEY = "tandem-member.version";

    /** Where a member finds its own name in this class's memory; stays at home. */
    static final String ID_KEY = "tandem-member.id";

    private static final Set<String> JOINING = ConcurrentHashMap.newKeySet();
    private static final Map<String, String> REFUSALS = new ConcurrentHashMap<>();

    /** From now on the member of that id is the one that joins. */
    static void joins(String id) {
        JOINING.add(id);
    }

    /** The member is in, or has given up; returns why it was refused, if it was. */
    static Optional<String> ended(String id) {
        JOINING.remove(id);
        return Optional.ofNullable(REFUSALS.remove(id));
    }

    @Override
    public Seq<String> requiredKeys() {
        return seq(VERSION_KEY);
    }

    @Override
    public ConfigValidation check(Config toCheck, Config actual) {
        String theirs = toCheck.hasPath(VERSION_KEY) ? toCheck.getString(VERSION_KEY) : "unknown";
        String ours = actual.getString(VERSION_KEY);
        String id = actual.getString(ID_KEY);
        if (theirs.equals(ours) || (toCheck.hasPath(VERSION_KEY) && !JOINING.contains(id))) {
            return Valid$.MODULE$;
        }
        String refusal = "this member runs version " + ours + " of Tandem and the cluster version " + theirs
                + ". Maybe install the same version on all nodes.";
        REFUSALS.put(id, refusal);
        return new Invalid(seq(refusal));
    }

    private static Seq<String> seq(String element) {
        return CollectionConverters.asScala(List.of(element)).toSeq();
    }
}
