package dev.tandem.harness.experiment.codec;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The trials as CSV and as a Markdown page. */
public final class CodecPage {

    private CodecPage() {}

    /** Makes the folder if need be and replaces what is in it by the same names. */
    public static void write(Path folder, String command, List<CodecTrial> trials, List<CodedAnswers> answers)
            throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("feature-maps.csv"), csv(trials));
        Files.writeString(folder.resolve("answers.csv"), answersCsv(answers));
        Files.writeString(folder.resolve("codecs.md"), page(command, trials, answers));
    }

    static String csv(List<CodecTrial> trials) {
        return trials.stream()
                .map(trial -> String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%d,%.4f,%.0f,%.0f,%.3g,%.3g",
                        trial.model(),
                        trial.codec(),
                        trial.maps(),
                        trial.bytes(),
                        trial.ratio(),
                        trial.encodeMegabytesPerSecond(),
                        trial.decodeMegabytesPerSecond(),
                        trial.largestError(),
                        trial.rmsError()))
                .collect(Collectors.joining(
                        "\n",
                        "model,codec,maps,bytes,ratio,encode_mb_per_s,decode_mb_per_s,largest_error,rms_error\n",
                        "\n"));
    }

    static String answersCsv(List<CodedAnswers> answers) {
        return answers.stream()
                .map(answer -> String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%d,%d,%d,%.0f",
                        answer.model(),
                        answer.codec(),
                        answer.images(),
                        answer.correctUnsplit(),
                        answer.correct(),
                        answer.sameClass(),
                        answer.bytesPerRequest()))
                .collect(Collectors.joining(
                        "\n", "model,codec,images,correct_unsplit,correct,same_class,bytes_per_request\n", "\n"));
    }

    static String page(String command, List<CodecTrial> trials, List<CodedAnswers> answers) {
        return "# Codecs\n\n    " + command + "\n\n## Feature maps\n\n"
                + "| model | codec | ratio | encode MB/s | decode MB/s | largest error | rms error |\n"
                + "|---|---|---|---|---|---|---|\n"
                + trials.stream().map(CodecPage::line).collect(Collectors.joining())
                + "\n## Classes of pictures\n\n"
                + "| model | codec | images | same class | right unsplit | right | MB per request |\n"
                + "|---|---|---|---|---|---|---|\n"
                + answers.stream().map(CodecPage::line).collect(Collectors.joining());
    }

    private static String line(CodecTrial trial) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %.3f | %.0f | %.0f | %.1e | %.1e |%n",
                trial.model(),
                trial.codec(),
                trial.ratio(),
                trial.encodeMegabytesPerSecond(),
                trial.decodeMegabytesPerSecond(),
                trial.largestError(),
                trial.rmsError());
    }

    private static String line(CodedAnswers answer) {
        return String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.1f %% | %d | %d | %.2f |%n",
                answer.model(),
                answer.codec(),
                answer.images(),
                100.0 * answer.sameClass() / Math.max(1, answer.images()),
                answer.correctUnsplit(),
                answer.correct(),
                answer.bytesPerRequest() / 1e6);
    }
}
