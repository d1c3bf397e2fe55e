"""Who lives in the demo."""

from dataclasses import dataclass

PASSWORD = "demo-demo-demo"  # noqa: S105  # printed on the screen: the demo's sign-ins are for everybody


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can sign in; `org` is where they belong."""

    email: str
    name: str
    org: str
    kind: str
    country: str = "US"


PEOPLE = (
    Person("agency@demo.test", "Tomasz Orlik", "Northbeam Media", "agency"),
    Person("agency2@demo.test", "Carla Medina", "Copperline Leads", "agency"),
    Person("buyer@demo.test", "Dana Okafor", "Brightside Academy", "buyer"),
    Person("buyer2@demo.test", "Lena Fischer", "Harbor Insurance", "buyer"),
    Person("staff@demo.test", "Ines Duarte", "Fairlead", "staff"),
    Person("staff2@demo.test", "Amir Haddad", "Fairlead", "staff"),
)
