import com.fasterxml.jackson.databind.ObjectMapper;
import com.huawei.openstack4j.api.OSClient;
import com.huawei.openstack4j.api.client.IOSClientBuilder;
import com.huawei.openstack4j.api.exceptions.OS4JException;
import com.huawei.openstack4j.api.exceptions.ResponseException;
import com.huawei.openstack4j.api.types.ServiceType;
import com.huawei.openstack4j.core.transport.Config;
import com.huawei.openstack4j.model.common.Identifier;
import com.huawei.openstack4j.openstack.OSFactory;
import com.huawei.openstack4j.openstack.identity.internal.OverridableEndpointURLResolver;
import com.huawei.openstack4j.openstack.kms.internal.CryptoService;
import java.io.IOException;
import java.util.Map;
import java.util.Scanner;

/**
 * Draws with the older SDK for Java, of OpenStack's kind: 512 bits, as it always does, for each line of the input, which is the
 * sequence. It logs in by the access key in ACCESS_KEY and SECRET_KEY, the token in OS_TOKEN, or user and password.
 */
public final class Draw {
  private static final Map<String, String> ENVIRONMENT = System.getenv();

  public static void main(String[] arguments) throws IOException {
    String project = ENVIRONMENT.get("OS_PROJECT_ID");
    OverridableEndpointURLResolver endpoints = new OverridableEndpointURLResolver();
    // The catalogue's address of the service has no project, and this SDK adds none.
    endpoints.addOverrideEndpoint(ServiceType.KEY_MANAGEMENT, ENVIRONMENT.get("KMS_ENDPOINT") + "/v1.0/" + project);
    endpoints.addOverrideEndpoint(ServiceType.IDENTITY, ENVIRONMENT.get("OS_AUTH_URL"));
    try {
      OSClient<?> client = connect(Config.newConfig().withEndpointURLResolver(endpoints), project);
      CryptoService crypto = client.keyManagement().crypto();
      for (Scanner lines = new Scanner(System.in); lines.hasNextLine(); ) print(draw(crypto, lines.nextLine()));
    } catch (OS4JException error) {
      print(Map.of("shown", error.toString()));
    }
  }

  private static OSClient<?> connect(Config config, String project) {
    if (ENVIRONMENT.containsKey("ACCESS_KEY")) {
      return OSFactory.builderAKSK()
          .withConfig(config)
          .credentials(ENVIRONMENT.get("ACCESS_KEY"), ENVIRONMENT.get("SECRET_KEY"), "local", project, "example.test")
          .authenticate();
    }
    IOSClientBuilder.V3 builder = OSFactory.builderV3().withConfig(config).endpoint(ENVIRONMENT.get("OS_AUTH_URL"));
    if (ENVIRONMENT.containsKey("OS_TOKEN")) {
      builder.token(ENVIRONMENT.get("OS_TOKEN"));
    } else {
      Identifier domain = Identifier.byName(ENVIRONMENT.get("OS_USER_DOMAIN_NAME"));
      builder.credentials(ENVIRONMENT.get("OS_USERNAME"), ENVIRONMENT.get("OS_PASSWORD"), domain);
    }
    return builder.scopeToProject(Identifier.byId(project)).authenticate();
  }

  private static Map<String, Object> draw(CryptoService crypto, String sequence) {
    try {
      return Map.of("random_data", crypto.generateRandomString(sequence.isEmpty() ? null : sequence));
    } catch (ResponseException error) {
      // Code and message stand in its text.
      String requestId = crypto.getXOpenstackRequestId();
      return Map.of("status", error.getStatus(), "request_id", requestId, "shown", error.toString());
    }
  }

  private static void print(Object outcome) throws IOException {
    System.out.println(new ObjectMapper().writeValueAsString(outcome));
  }
}
