import dev.tandem.actors.client.InferOptions;
import dev.tandem.actors.client.InferenceResult;
import dev.tandem.actors.client.TandemClient;
import dev.tandem.actors.protocol.Tensor;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/**
 * An application that asks a model: joins the cluster as a member that only asks, sends ten made-up images at once, and prints
 * the best class of each as the answers come.
 *
 * <p>Usage: java -cp "deploy/target/lib/*" deploy/examples/Ask.java OWN-ADDRESS SEED MODEL CHANNELS HEIGHT WIDTH
 */
final class Ask {

    private static final int IMAGES = 10;

    private Ask() {}

    public static void main(String[] arguments) {
        String host = arguments[0];
        String seed = arguments[1];
        String model = arguments[2];
        List<Integer> shape = List.of(
                1, Integer.parseInt(arguments[3]), Integer.parseInt(arguments[4]), Integer.parseInt(arguments[5]));
        InferOptions options = InferOptions.defaults().withDeadline(Duration.ofSeconds(20));
        try (TandemClient client = TandemClient.connect(host, seed)) {
            CompletableFuture<?>[] answers = IntStream.range(0, IMAGES)
                    .mapToObj(image -> client.infer(model, List.of(image(shape, image)), options)
                            .thenAccept(result -> print(image, result)))
                    .map(stage -> stage.toCompletableFuture())
                    .toArray(CompletableFuture<?>[]::new);
            CompletableFuture.allOf(answers).join();
        }
    }

    private static Tensor image(List<Integer> shape, long seed) {
        float[] pixels = new float[shape.stream().reduce(1, (a, b) -> a * b)];
        Random random = new Random(seed);
        for (int pixel = 0; pixel < pixels.length; pixel++) {
            pixels[pixel] = random.nextFloat();
        }
        return Tensor.ofFloats("input", shape, pixels);
    }

    private static void print(int image, InferenceResult result) {
        float[] scores = result.outputs().get(0).floats();
        int best = IntStream.range(0, scores.length)
                .reduce((a, b) -> scores[b] > scores[a] ? b : a)
                .orElseThrow();
        System.out.printf(
                "image %d: class %d, score %.3f, through %s (epoch %d)%n",
                image, best, scores[best], result.gateway(), result.epoch());
    }
}
