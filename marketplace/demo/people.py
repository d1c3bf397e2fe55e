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
    Person("buyer3@demo.test", "Priya Raman", "Lakeside College", "buyer"),
    Person("staff@demo.test", "Ines Duarte", "Fairlead", "staff"),
    Person("staff2@demo.test", "Amir Haddad", "Fairlead", "staff"),
)

#: under which legal name and address their documents are made out, by organisation
BILLED = {
    "Northbeam Media": ("Northbeam Media LLC", "88 W Lake St, Suite 310\nChicago, IL 60601"),
    "Copperline Leads": ("Copperline Leads Inc.", "4 Mesa Drive\nPhoenix, AZ 85004"),
    "Brightside Academy": ("Brightside Academy LLC", "410 Lamar Boulevard\nAustin, TX 78703"),
    "Lakeside College": ("Lakeside College Inc.", "19 Shore Road\nMadison, WI 53703"),
    "Harbor Insurance": ("Harbor Insurance Agency Inc.", "2 Long Wharf, Floor 4\nBoston, MA 02110"),
}
