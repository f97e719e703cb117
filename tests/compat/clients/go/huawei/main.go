// Draws with Huawei's SDK for Go: as many bits as each line of the input says. The SDK takes its access key from HUAWEICLOUD_SDK_AK
// and HUAWEICLOUD_SDK_SK, and its project from HUAWEICLOUD_SDK_PROJECT_ID or from the IAM at HUAWEICLOUD_SDK_IAM_ENDPOINT, where
// it has the name of the region.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"

	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/region"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/core/sdkerr"
	kms "github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2"
	"github.com/huaweicloud/huaweicloud-sdk-go-v3/services/kms/v2/model"
)

func main() {
	out := json.NewEncoder(os.Stdout)
	builder, err := kms.KmsClientBuilder().WithRegion(region.NewRegion("demo", os.Getenv("KMS_ENDPOINT"))).SafeBuild()
	if err != nil {
		out.Encode(map[string]any{"shown": err.Error()})
		return
	}
	client := kms.NewKmsClient(builder)
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		body := &model.GenRandomRequestBody{RandomDataLength: lines.Text()}
		response, err := client.CreateRandom(&model.CreateRandomRequest{Body: body})
		var refusal *sdkerr.ServiceResponseError
		switch {
		case err == nil:
			out.Encode(map[string]any{"random_data": *response.RandomData})
		case errors.As(err, &refusal):
			out.Encode(map[string]any{
				"status": refusal.StatusCode, "code": refusal.ErrorCode, "message": refusal.ErrorMessage,
				"request_id": refusal.RequestId, "shown": err.Error(),
			})
		default:
			out.Encode(map[string]any{"shown": err.Error()})
		}
	}
}
