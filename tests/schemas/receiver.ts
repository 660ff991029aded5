// A receiver that is typed by `pgwh events --as openapi` and openapi-typescript.
import type { components, webhooks } from "./types";

type UserModified = components["schemas"]["UserModified"];
type AnyBody = {
  [Name in keyof webhooks]: webhooks[Name]["post"]["requestBody"]["content"]["application/json"];
}[keyof webhooks];

export function greet(body: UserModified): string {
  const name: string | null = body.data.user.userFirstName;
  const id: number = body.data.userId;
  return `${name ?? "nobody"} ${id}`;
}

export function receive(body: AnyBody): string {
  switch (body.event) {
    case "UserModified":
      return greet(body);
    case "ClassesBooked":
      return String(body.data?.timeTableEventId ?? "");
    default:
      return body.event;
  }
}
