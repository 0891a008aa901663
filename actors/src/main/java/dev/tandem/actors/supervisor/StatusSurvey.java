package dev.tandem.actors.supervisor;

import dev.tandem.actors.gateway.GatewayMessages.Describe;
import dev.tandem.actors.gateway.GatewayMessages.Stats;
import dev.tandem.actors.protocol.ClusterStatus;
import dev.tandem.actors.supervisor.SupervisorMessages.GatewayRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.jspecify.annotations.Nullable;

/** Asks the gateways what they do, adds it to what the supervisor knows, answers, and stops. */
final class StatusSurvey extends AbstractBehavior<StatusSurvey.Answer> {

    /** A gateway that is lost must not keep the others' figures from whoever asks. */
    private static final Duration PER_GATEWAY = Duration.ofMillis(500);

    /** What a gateway has said, if it has. */
    record Answer(GatewayRef gateway, Optional<Stats> stats) {}

    private final ClusterSnapshot known;
    private final ActorRef<ClusterStatus> asker;
    private final List<Answer> answers = new ArrayList<>();
    private final int gateways;

    static Behavior<Answer> create(ClusterSnapshot known, List<GatewayRef> gateways, ActorRef<ClusterStatus> asker) {
        return Behaviors.setup(context -> {
            StatusSurvey survey = new StatusSurvey(context, known, gateways, asker);
            return survey.answerWhenComplete();
        });
    }

    private StatusSurvey(
            ActorContext<Answer> context,
            ClusterSnapshot known,
            List<GatewayRef> gateways,
            ActorRef<ClusterStatus> asker) {
        super(context);
        this.known = known;
        this.asker = asker;
        this.gateways = gateways.size();
        gateways.forEach(gateway -> context.ask(
                Stats.class,
                gateway.gateway(),
                PER_GATEWAY,
                Describe::new,
                (@Nullable Stats stats, @Nullable Throwable late) -> new Answer(gateway, Optional.ofNullable(stats))));
    }

    @Override
    public Receive<Answer> createReceive() {
        return newReceiveBuilder().onMessage(Answer.class, this::onAnswer).build();
    }

    private Behavior<Answer> onAnswer(Answer answer) {
        answers.add(answer);
        return answerWhenComplete();
    }

    private Behavior<Answer> answerWhenComplete() {
        if (answers.size() < gateways) {
            return this;
        }
        asker.tell(known.with(answers));
        return Behaviors.stopped();
    }
}
