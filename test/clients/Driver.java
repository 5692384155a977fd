// Runs one org.conductoross:conductor-client: commands come in as JSON lines, and each is answered with one.
// {"open": {url, key, secret}} makes the client and answers the names of its methods; {"call": NAME, "args": […]} calls
// one, with arguments read into the types of its parameters.

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.netflix.conductor.client.exception.ConductorClientException;
import com.netflix.conductor.common.config.ObjectMapperProvider;
import io.orkes.conductor.client.ApiClient;
import io.orkes.conductor.client.SchedulerClient;
import io.orkes.conductor.client.http.OrkesSchedulerClient;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

public class Driver {
  private static final ObjectMapper mapper = new ObjectMapperProvider().getObjectMapper().copy()
      .configure(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES, true);
  private static SchedulerClient client;

  public static void main(String[] args) throws Exception {
    PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = commands.readLine(); line != null; line = commands.readLine()) {
      ObjectNode answer = mapper.createObjectNode();
      try {
        answer.set("returns", run(mapper.readTree(line)));
      } catch (Throwable error) {
        Throwable cause = error instanceof InvocationTargetException ? error.getCause() : error;
        answer.put("raises", cause.getClass().getSimpleName());
        if (cause instanceof ConductorClientException failure && failure.getStatus() != 0) {
          answer.put("status", failure.getStatus());
        } else {
          answer.putNull("status");
        }
        answer.put("says", cause.getMessage());
      }
      answers.println(mapper.writeValueAsString(answer));
    }
    // The client has threads that nothing else would end.
    System.exit(0);
  }

  private static JsonNode run(JsonNode command) throws Exception {
    if (command.has("open")) {
      JsonNode open = command.get("open");
      client = new OrkesSchedulerClient(
          ApiClient.builder()
              .basePath(open.get("url").asText())
              .credentials(open.get("key").asText(), open.get("secret").asText())
              .build());
      return mapper.valueToTree(Arrays.stream(SchedulerClient.class.getMethods()).map(Method::getName).toList());
    }
    JsonNode args = command.get("args");
    Method method = Arrays.stream(SchedulerClient.class.getMethods())
        .filter(known -> known.getName().equals(command.get("call").asText()))
        .filter(known -> known.getParameterCount() == args.size())
        .findFirst()
        .orElseThrow();
    Object[] values = new Object[args.size()];
    for (int index = 0; index < values.length; index += 1) {
      JsonNode value = args.get(index);
      values[index] = value instanceof NullNode
          ? null
          : mapper.convertValue(value, mapper.constructType(method.getGenericParameterTypes()[index]));
    }
    return mapper.valueToTree(method.invoke(client, values));
  }
}
