package dev.tandem.inference.profile;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of one kernel, as ONNX Runtime's profile tells it.
 *
 * @param kernel name of the fused node
 * @param micros duration in microseconds
 */
record KernelEvent(String kernel, long micros) {
    private static final String SUFFIX = "_kernel_time";
    private static final ObjectMapper JSON = new ObjectMapper();

    /** The kernels in the order in which they ran, read one by one, as a profile of many runs is large. */
    static List<KernelEvent> read(Path profile) throws IOException {
        List<KernelEvent> events = new ArrayList<>();
        try (JsonParser parser = new JsonFactory(JSON).createParser(profile.toFile())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.START_OBJECT) {
                    add(parser.readValueAsTree(), events);
                }
            }
        }
        return events;
    }

    private static void add(JsonNode event, List<KernelEvent> events) {
        String name = event.path("name").asText();
        if (event.path("cat").asText().equals("Node") && name.endsWith(SUFFIX)) {
            String kernel = name.substring(0, name.length() - SUFFIX.length());
            events.add(new KernelEvent(kernel, event.path("dur").asLong()));
        }
    }
}
