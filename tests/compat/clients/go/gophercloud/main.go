// Draws with gophercloud: as many bits as each line of the input says. It logs in by what OS_AUTH_URL and the other variables of an
// openrc file say, or by the token in OS_TOKEN, and finds the service in the catalogue.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"os"

	"github.com/gophercloud/gophercloud/v2"
	"github.com/gophercloud/gophercloud/v2/openstack"
	"github.com/gophercloud/gophercloud/v2/openstack/identity/v3/tokens"
)

func main() {
	ctx := context.Background()
	out := json.NewEncoder(os.Stdout)
	client, err := connect(ctx)
	if err != nil {
		out.Encode(map[string]any{"shown": err.Error()})
		return
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		out.Encode(draw(ctx, client, lines.Text()))
	}
}

func connect(ctx context.Context) (*gophercloud.ServiceClient, error) {
	options, err := openstack.AuthOptionsFromEnv()
	if token := os.Getenv("OS_TOKEN"); token != "" {
		options, err = gophercloud.AuthOptions{IdentityEndpoint: os.Getenv("OS_AUTH_URL"), TokenID: token}, nil
		options.Scope = &gophercloud.AuthScope{ProjectID: os.Getenv("OS_PROJECT_ID")}
	}
	if err != nil {
		return nil, err
	}
	// A token cannot log in again for itself.
	options.AllowReauth = options.TokenID == ""
	provider, err := openstack.AuthenticatedClient(ctx, options)
	if err != nil {
		return nil, err
	}
	endpoint, err := provider.EndpointLocator(gophercloud.EndpointOpts{Type: "kms", Availability: gophercloud.AvailabilityPublic})
	if err != nil {
		return nil, err
	}
	project, err := provider.GetAuthResult().(tokens.CreateResult).ExtractProject()
	if err != nil {
		return nil, err
	}
	return &gophercloud.ServiceClient{ProviderClient: provider, Endpoint: endpoint, ResourceBase: endpoint + project.ID + "/"}, nil
}

func draw(ctx context.Context, client *gophercloud.ServiceClient, bits string) map[string]any {
	var drawn map[string]any
	request := map[string]string{"random_data_length": bits}
	url := client.ServiceURL("kms", "gen-random")
	_, err := client.Post(ctx, url, request, &drawn, &gophercloud.RequestOpts{OkCodes: []int{200}})
	var refusal gophercloud.ErrUnexpectedResponseCode
	if !errors.As(err, &refusal) {
		if err != nil {
			return map[string]any{"shown": err.Error()}
		}
		return drawn
	}
	var answer struct {
		Error struct {
			Code    string `json:"error_code"`
			Message string `json:"error_msg"`
		} `json:"error"`
	}
	json.Unmarshal(refusal.Body, &answer)
	return map[string]any{
		"status": refusal.Actual, "code": answer.Error.Code, "message": answer.Error.Message,
		"request_id": refusal.ResponseHeader.Get("X-Request-Id"), "shown": err.Error(),
	}
}
