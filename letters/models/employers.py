"""Employers and their mail domains, in a directory for each campaign."""

import uuid

from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from letters.models.groups import THRESHOLD


class Directory(models.Model):
    """The employers that one campaign knows. Two campaigns never share one, so neither can rename the other's."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # So much evidence may wait for the team's reviewers; then no more is taken until there is less.
    most_evidence = models.PositiveSmallIntegerField(default=50, db_default=50)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="directory_that_is_full_tells_of_no_small_group", condition=Q(most_evidence__gte=THRESHOLD)
            ),
        ]

    def __str__(self) -> str:
        return str(self.id)


class Employer(models.Model):
    """An organisation with its mail domains; it joins signers with the executive of their company."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="employers")
    key = models.SlugField(max_length=60)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "key"], name="employer_key_once_in_a_directory"),
            models.UniqueConstraint("directory", Upper("name"), name="employer_name_once_in_a_directory"),
        ]

    def __str__(self) -> str:
        return self.name


class EmployerDomain(models.Model):
    """A mail domain whose holders work at the employer."""

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="+")
    employer = models.ForeignKey(Employer, on_delete=models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["directory", "domain"], name="domain_has_one_employer_in_a_directory"),
        ]

    def __str__(self) -> str:
        return self.domain
