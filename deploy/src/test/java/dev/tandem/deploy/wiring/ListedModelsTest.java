package dev.tandem.deploy.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigFactory;
import dev.tandem.actors.client.Deployment;
import dev.tandem.actors.client.RolloutFailedException;
import dev.tandem.actors.protocol.DeployOrder;
import dev.tandem.config.SettingsLoader;
import dev.tandem.config.TandemSettings;
import dev.tandem.inference.zoo.ZooModel;
import dev.tandem.inference.zoo.ZooOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of listed models, one of which fails now and then. */
@SuppressWarnings("NullAway.Init")
class ListedModelsTest {

    private final List<String> heard = new ArrayList<>();
    private final List<FakeGateway> gateways = new ArrayList<>();
    private Path folder;
    private volatile TandemSettings settings;
    private ListedModels models;
    private @Nullable Exception failFirst;
    private Runnable beforeDeployment = () -> {};

    @BeforeEach
    void start(@TempDir Path directory) throws IOException {
        folder = directory;
        ZooModel.TANDEM_MINI.write(folder.resolve("mini.onnx"), ZooOptions.defaults());
        list("{ file = mini.onnx, name = a }");
        models = new ListedModels(new FakePlace(), new Ear());
    }

    @AfterEach
    void stop() {
        models.close();
    }

    @Test
    void deploysAgainWhatFailedAfterTheClusterWasAsked() {
        follow();
        gateways.get(0).failure = new RolloutFailedException("a node is lost");
        list("{ file = mini.onnx, name = a, nodes = 2 }");
        follow();
        assertThat(gateways.get(0).problem).isEqualTo("model 'a' may not be served: a node is lost");
        gateways.get(0).failure = null;
        list("{ file = mini.onnx, name = a }");

        follow();

        assertThat(heard).containsExactly("serves a", "failed a", "serves a");
        assertThat(gateways).singleElement().satisfies(gateway -> {
            assertThat(gateway.deployments).isEqualTo(3);
            assertThat(gateway.problem).isEmpty();
        });
    }

    @Test
    void leavesWhatCannotBeReadAsItWas() {
        follow();
        list("{ file = none.onnx, name = a }");
        follow();
        list("{ file = mini.onnx, name = a }");

        follow();

        assertThat(heard).containsExactly("serves a", "failed a");
        assertThat(gateways.get(0).deployments).isEqualTo(1);
    }

    @Test
    void takesAnotherGatewayWhenTheFirstMayBePlacedAndNotBeReached() {
        failFirst = new TimeoutException("silence");

        follow();

        assertThat(gateways.get(0).isClosed).isTrue();
        assertThat(gateways.get(1).problem).isEqualTo("model 'a' is not served: silence");
        follow();
        assertThat(heard).containsExactly("failed a", "serves a");
        assertThat(gateways).hasSize(2);
    }

    @Test
    void replacesAGatewayThatHasEnded() {
        follow();
        gateways.get(0).hasEnded = true;

        follow();

        assertThat(heard).containsExactly("serves a", "withdrawn a", "serves a");
        assertThat(gateways).hasSize(2);
        assertThat(gateways.get(0).isClosed).isTrue();
    }

    @Test
    void saysThatAListWasNotFollowedToTheEndWhenAnotherHasCome() {
        failFirst = new RolloutFailedException("no room");
        beforeDeployment = () -> list("{ file = mini.onnx, name = b }");

        assertThat(models.follow().join()).isFalse();
    }

    @Test
    void saysNothingOfWhatFailsBecauseTheProcessEnds() throws InterruptedException {
        CountDownLatch isAtIt = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        beforeDeployment = () -> {
            isAtIt.countDown();
            try {
                never.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        };
        CompletableFuture<Boolean> followed = models.follow();
        assertThat(isAtIt.await(30, TimeUnit.SECONDS)).isTrue();

        models.close();

        assertThat(followed.join()).isFalse();
        assertThat(heard).isEmpty();
    }

    private void follow() {
        assertThat(models.follow().join()).isTrue();
    }

    private void list(String model) {
        settings = SettingsLoader.load(
                        Optional.empty(),
                        ConfigFactory.parseString("tandem { node.data-directory = \"" + folder
                                + "/data\", gateway.models = [" + model.replace("file = ", "file = " + folder + "/")
                                + "] }"))
                .settings();
    }

    private final class FakePlace implements ServingPlace {

        @Override
        public TandemSettings settings() {
            return settings;
        }

        @Override
        public Gateway open() {
            FakeGateway gateway = new FakeGateway();
            gateway.failure = failFirst;
            failFirst = null;
            gateways.add(gateway);
            return gateway;
        }
    }

    private final class FakeGateway implements ServingPlace.Gateway {

        private @Nullable Exception failure;
        private int deployments;
        private String problem = "";
        private boolean hasEnded;
        private boolean isClosed;

        @Override
        @SuppressWarnings("NullAway") // nobody reads the plan
        public Deployment deploy(OfferedModel model, DeployOrder order) throws TimeoutException {
            beforeDeployment.run();
            deployments++;
            if (failure instanceof TimeoutException late) {
                throw late;
            } else if (failure instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            return new Deployment(deployments, model.graph(), null);
        }

        @Override
        public void problem(String reason) {
            problem = reason;
        }

        @Override
        public boolean hasEnded() {
            return hasEnded;
        }

        @Override
        public void close() {
            isClosed = true;
        }
    }

    private final class Ear implements ListedModels.Listener {

        @Override
        public void serves(Deployment deployment) {
            heard.add("serves " + deployment.graph().name());
        }

        @Override
        public void hasWithdrawn(String model) {
            heard.add("withdrawn " + model);
        }

        @Override
        public void hasFailed(String model, Exception failure) {
            heard.add("failed " + model);
        }
    }
}
