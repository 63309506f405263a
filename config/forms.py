"""How forms look: one accessible field template for all of them."""

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Renders forms and fields with the site's own templates (config/templates/forms/)."""

    form_template_name = "forms/form.html"
    field_template_name = "forms/field.html"
