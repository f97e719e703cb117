"""Moto's server, with two things that CloudFormation has and its emulation lacks.

Its ValidateTemplate refuses what cfn-lint warns of; CloudFormation, and this one, refuses errors alone. And it passes over the
resource types below; here they are created through moto's own services, by AWS's own parameter models.
"""

import sys

import boto3
from moto.cloudformation import models
from moto.core.common_models import CloudFormationModel
from moto.server import main

PORT = sys.argv[sys.argv.index("-p") + 1]

# Type: service, operation, the member that is its physical id, and whether repeating the operation updates.
TYPES = {
    "AWS::ApiGatewayV2::Api": ("apigatewayv2", "create_api", "ApiId", False),
    "AWS::ApiGatewayV2::Integration": ("apigatewayv2", "create_integration", "IntegrationId", False),
    "AWS::ApiGatewayV2::Route": ("apigatewayv2", "create_route", "RouteId", False),
    "AWS::ApiGatewayV2::Stage": ("apigatewayv2", "create_stage", "StageName", False),
    "AWS::CloudWatch::Alarm": ("cloudwatch", "put_metric_alarm", "AlarmName", True),
    "AWS::Lambda::EventInvokeConfig": ("lambda", "put_function_event_invoke_config", "FunctionName", True),
    "AWS::Logs::MetricFilter": ("logs", "put_metric_filter", "filterName", True),
    "AWS::Pipes::Pipe": ("pipes", "create_pipe", "Name", False),
}
NAMED_BY_THE_STACK = ("AlarmName", "filterName", "Name")


def refuse_errors_alone():
    every_finding = models.validate_template_cfn_lint
    models.validate_template_cfn_lint = lambda template: [
        finding for finding in every_finding(template) if finding.rule.severity == "error"
    ]


def camel_case(value):
    """The names of CloudWatch Logs: as CloudFormation's, with a small first letter."""
    if isinstance(value, dict):
        return {name[0].lower() + name[1:]: camel_case(member) for name, member in value.items()}
    return [camel_case(item) for item in value] if isinstance(value, list) else value


def support(kind, service, operation, id_member, repeatable):
    def call(name, cloudformation_json, region):
        client = boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{PORT}",
            region_name=region,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        properties = dict(cloudformation_json["Properties"])
        if service == "logs":
            properties = camel_case(properties)
        if id_member in NAMED_BY_THE_STACK:
            properties.setdefault(id_member, name)
        answer = getattr(client, operation)(**properties)
        return answer.get(id_member, properties.get(id_member))

    class Resource(CloudFormationModel):
        # Moto files a model by the name of its module.
        __module__ = f"moto.{service}.models"

        def __init__(self, physical_id):
            self.physical_id = physical_id

        @property
        def physical_resource_id(self):
            return self.physical_id

        @staticmethod
        def cloudformation_type():
            return kind

        @staticmethod
        def cloudformation_name_type():
            return ""

        @classmethod
        def has_cfn_attr(cls, attr):
            return False

        @classmethod
        def create_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name, **kwargs):
            return cls(call(resource_name, cloudformation_json, region_name))

        @classmethod
        def update_from_cloudformation_json(
            cls, original_resource, new_resource_name, cloudformation_json, account_id, region_name
        ):
            if repeatable:
                call(original_resource.physical_id, cloudformation_json, region_name)
            return original_resource

        @classmethod
        def delete_from_cloudformation_json(cls, resource_name, cloudformation_json, account_id, region_name):
            pass

    # Moto finds its resource types among the subclasses that are alive.
    KEPT.append(Resource)


KEPT = []
refuse_errors_alone()
for kind, how in TYPES.items():
    support(kind, *how)
main()
