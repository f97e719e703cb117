import com.huaweicloud.sdk.core.exception.SdkException;
import com.huaweicloud.sdk.core.exception.ServiceResponseException;
import com.huaweicloud.sdk.core.region.Region;
import com.huaweicloud.sdk.core.utils.JsonUtils;
import com.huaweicloud.sdk.kms.v2.KmsClient;
import com.huaweicloud.sdk.kms.v2.model.CreateRandomRequest;
import com.huaweicloud.sdk.kms.v2.model.GenRandomRequestBody;
import java.util.Map;
import java.util.Scanner;

/**
 * Draws with Huawei's SDK for Java: as many bits as each line of the input says. The SDK takes its access key from HUAWEICLOUD_SDK_AK
 * and HUAWEICLOUD_SDK_SK, and its project from HUAWEICLOUD_SDK_PROJECT_ID or from the IAM at HUAWEICLOUD_SDK_IAM_ENDPOINT, where it
 * has the name of the region.
 */
public final class Draw {
  public static void main(String[] arguments) {
    Region region = new Region("demo", System.getenv("KMS_ENDPOINT"));
    try {
      KmsClient client = KmsClient.newBuilder().withRegion(region).build();
      for (Scanner lines = new Scanner(System.in); lines.hasNextLine(); ) print(draw(client, lines.nextLine()));
    } catch (SdkException error) {
      print(Map.of("shown", error.toString()));
    }
  }

  private static Map<String, Object> draw(KmsClient client, String bits) {
    GenRandomRequestBody body = new GenRandomRequestBody().withRandomDataLength(bits);
    try {
      return Map.of("random_data", client.createRandom(new CreateRandomRequest().withBody(body)).getRandomData());
    } catch (ServiceResponseException error) {
      return Map.of(
          "status", error.getHttpStatusCode(),
          "code", error.getErrorCode(),
          "message", error.getErrorMsg(),
          "request_id", error.getRequestId(),
          "shown", error.toString());
    }
  }

  private static void print(Object outcome) {
    System.out.println(JsonUtils.toJSON(outcome));
  }
}
