package dev.tandem.actors.client;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.node.BuildVersion;
import dev.tandem.actors.node.ClientMember;
import dev.tandem.actors.protocol.ErrorCode;
import dev.tandem.actors.protocol.Tensor;
import dev.tandem.actors.transport.DataMessage;
import dev.tandem.actors.transport.TetherEvent;
import dev.tandem.config.LoadedSettings;
import dev.tandem.config.SettingsLoader;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/**
 * Asks the models that a cluster serves. A thin layer over {@link dev.tandem.actors.gateway.RequestMessages}: it finds the
 * gateways through the receptionist, and sends a request again, under the same id, when the gateway that has it is lost.
 *
 * <p>Thread-safe. Requests may be made from any thread, many at a time; the gateways bound how many.
 */
public final class TandemClient implements AutoCloseable {

    private static final Duration LEAVING = Duration.ofSeconds(10);

    private final ClientMember member;
    private final ActorRef<DataMessage> actor;
    private final AnswerThreads answers = new AnswerThreads();
    private final Set<Submission> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private TandemClient(ClientMember member, ActorRef<DataMessage> actor) {
        this.member = member;
        this.actor = actor;
    }

    /**
     * Joins a cluster as a member that only asks, with default settings for all else.
     *
     * @param host address of this machine under which the cluster's members reach it
     * @param seeds members to join, each {@code host:port}
     * @throws dev.tandem.actors.node.MemberStartException when it cannot listen or join
     */
    public static TandemClient connect(String host, String... seeds) {
        LoadedSettings loaded = SettingsLoader.load(
                Optional.empty(),
                ConfigFactory.parseMap(
                        Map.of("tandem.network.host", host, "tandem.network.seeds", List.of(seeds)),
                        "the application"));
        return connect(loaded, BuildVersion.text());
    }

    /**
     * Joins the cluster of the configured seeds as a member that only asks.
     *
     * @param version of Tandem, the same as the other members'
     * @throws dev.tandem.actors.node.MemberStartException when it cannot listen or join
     */
    public static TandemClient connect(LoadedSettings loaded, String version) {
        CompletableFuture<ActorRef<DataMessage>> started = new CompletableFuture<>();
        ClientMember member = ClientMember.start(
                loaded, version, event -> tell(started, event)); // no peer before the actor names one
        ActorRef<DataMessage> actor = member.system()
                .systemActorOf(
                        ClientActor.create(ClientActor.Setup.of(
                                member::connect,
                                Math.toIntExact(loaded.settings().transport().frameBytes()))),
                        ClientActor.NAME,
                        Props.empty());
        started.complete(actor);
        TandemClient client = new TandemClient(member, actor);
        member.system().getWhenTerminated().thenRun(client::endAll);
        return client;
    }

    private static void tell(CompletableFuture<ActorRef<DataMessage>> started, TetherEvent event) {
        if (event instanceof TetherEvent.Lost lost) {
            started.join().tell(new ClientActor.MemberLost(lost.peer(), lost.reason()));
        }
    }

    /**
     * Asks a model.
     *
     * @param model its name; empty for the only one that is served
     * @param inputs all of the model's inputs, by their names, in any order; left unchanged until the answer
     * @return the outputs, or {@link InferenceFailedException} by the deadline at the latest; at once when the client is
     *     closed or its member has left the cluster. What depends on it may block.
     */
    public CompletionStage<InferenceResult> infer(String model, List<Tensor> inputs, InferOptions options) {
        Submission submission = new Submission(model, inputs, options, answers);
        open.add(submission);
        CompletionStage<InferenceResult> answer =
                submission.result().whenComplete((result, failure) -> open.remove(submission));
        actor.tell(new ClientActor.Submit(submission));
        if (closed) {
            endAll();
        }
        return answer;
    }

    /** What the actor has not taken by the time it stops, it never answers. */
    private void endAll() {
        closed = true;
        open.forEach(submission -> submission.fail(ErrorCode.NOT_SERVING, "the client was closed"));
        answers.close();
    }

    /** The actor system of this member, for an application that has actors of its own. */
    public ActorSystem<?> system() {
        return member.system();
    }

    /** Leaves the cluster and returns when that is done; requests that were not answered fail. */
    @Override
    public void close() {
        closed = true;
        try {
            member.stop().toCompletableFuture().get(LEAVING.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException e) {
            member.system()
                    .log()
                    .warn("leaving the cluster took too long or failed: {}", String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            endAll();
        }
    }
}
